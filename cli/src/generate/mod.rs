//! `http-conditional generate`: the man pages and the shell completions, made of what `--help`
//! says.

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Command, ValueEnum};
use clap_complete::Shell;

/// Writes the man pages into a directory, or the completions for a shell to standard output
#[derive(Args, Debug)]
pub struct Options {
    what: What,
    /// The directory for the man pages
    #[arg(value_name = "DIR", default_value = ".")]
    directory: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    Man,
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

/// Makes it of this description of the program.
#[must_use]
pub fn run(options: &Options, program: Command) -> ExitCode {
    match generate(options, program) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn generate(options: &Options, mut program: Command) -> Result<(), Box<dyn Error>> {
    let shell = match options.what {
        What::Man => {
            std::fs::create_dir_all(&options.directory)?;
            // A page for the program, and one for each subcommand.
            clap_mangen::generate_to(program, &options.directory)?;
            return Ok(());
        }
        What::Bash => Shell::Bash,
        What::Elvish => Shell::Elvish,
        What::Fish => Shell::Fish,
        What::Powershell => Shell::PowerShell,
        What::Zsh => Shell::Zsh,
    };
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut program, name, &mut script);
    io::stdout().write_all(&script)?;
    Ok(())
}
