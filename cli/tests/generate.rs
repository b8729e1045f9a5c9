//! Man pages and completions, made of what `--help` says.

mod common;

use std::process::Command;

use common::{PROGRAM, TempDir};

#[test]
fn man_pages() {
    let directory = TempDir::new();
    let made = Command::new(PROGRAM)
        .args(["generate", "man", directory.as_str()])
        .status();
    assert!(made.unwrap().success());
    let page = |name| String::from_utf8(directory.read(name).expect(name)).unwrap();
    assert!(page("http-conditional.1").contains("conditional"));
    let serve = page("http-conditional-serve.1");
    for said in ["allow\\-host", "Exit codes", "RFC 9110"] {
        assert!(serve.contains(said), "{said}");
    }
}

#[test]
fn completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let made = Command::new(PROGRAM)
            .args(["generate", shell])
            .output()
            .unwrap();
        assert!(made.status.success());
        let script = String::from_utf8(made.stdout).unwrap();
        assert!(script.contains("require-precondition"), "{shell}");
    }
}

/// Whatever can be asked for says what it does.
#[test]
fn help() {
    for arguments in [&["--help"][..], &["serve", "--help"], &["serve", "-h"]] {
        let help = Command::new(PROGRAM).args(arguments).output().unwrap();
        assert!(help.status.success());
        let help = String::from_utf8(help.stdout).unwrap();
        assert!(
            help.contains("serve") && !help.contains("generate"),
            "{help}"
        );
    }
}
