//! What the subcommands that serve share: a runtime, the end by Ctrl-C, and the exit code.

use std::error::Error;
use std::fmt;
use std::process::ExitCode;

/// Why it could not even start.
#[derive(Debug)]
pub(crate) struct Unable(pub(crate) String);

impl fmt::Display for Unable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Unable {}

/// Runs it to its end, on as many threads as there are processors.
pub(crate) fn run(serving: impl Future<Output = Result<(), Box<dyn Error>>>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let ended = runtime
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(serving));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(if error.is::<Unable>() { 3 } else { 1 })
        }
    }
}

/// Waits for Ctrl-C that many times.
pub(crate) async fn interrupts(times: usize) {
    for _ in 0..times {
        if tokio::signal::ctrl_c().await.is_err() {
            // No signals here: serve until the process is ended.
            std::future::pending::<()>().await;
        }
    }
}
