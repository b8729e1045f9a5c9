//! The program `http-conditional`: which subcommand is asked for.

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use http_conditional_cli::{cache, check, explain, generate, proxy, serve};

/// Says why an HTTP request gets a 200, a 304 or a 412, and what a server gets wrong (RFC 9110 section 13)
///
/// Without a subcommand, it serves the demo page like `serve`.
#[derive(Parser)]
#[command(name = "http-conditional", version)]
struct Program {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Parser)]
enum Command {
    Serve(serve::Options),
    Explain(explain::Options),
    Cache(cache::Options),
    Check(check::Options),
    Proxy(proxy::Options),
    #[command(hide = true)]
    Generate(generate::Options),
}

impl Program {
    /// The subcommand; without one, `serve` with what it has by default.
    fn subcommand(self) -> Command {
        self.command
            .unwrap_or_else(|| Command::parse_from(["http-conditional", "serve"]))
    }
}

fn main() -> ExitCode {
    match Program::parse().subcommand() {
        Command::Serve(options) => serve::run(options),
        Command::Explain(options) => explain::run(&options),
        Command::Cache(options) => cache::run(options),
        Command::Check(options) => check::run(&options),
        Command::Proxy(options) => proxy::run(options),
        Command::Generate(options) => generate::run(&options, Program::command()),
    }
}
