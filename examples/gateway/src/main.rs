//! An HTTP gateway to an object store. Any number of gateways may stand before one store: what a
//! client asks by `If-Match` or `If-None-Match` is asked of the store again, in the write itself.
//!
//! `cargo run -p gateway -- --dir DIR`
//!
//! | where the objects are | compared and written in one step by | a DELETE with a condition |
//! |---|---|---|
//! | memory, S3 and what speaks its protocol | the store | swaps in a tombstone |
//! | a directory | this, under a lock of the directory, which other processes respect | deletes |
//!
//! | answer to a write | the object | |
//! |---|---|---|
//! | 201, 204 | is what was sent | |
//! | 412 | was not touched | the condition is false |
//! | 409, 503 | was not touched | too many writers, or no name for this store; the store is busy or away |
//! | 504 | may be what was sent, or may yet become it | the store did not answer: look before trying again |
//!
//! A request is put to the store with all of its content, so the content has to fit into memory.

mod busy;
mod disk;
mod gateway;
mod key;
mod store;
mod swap;

use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use clap::Parser;
use object_store::aws::AmazonS3Builder;
use object_store::{ClientOptions, RetryConfig};
use tokio::net::TcpListener;

use disk::Disk;
use gateway::Gateway;
use store::Store;
use swap::Swap;

/// Gives access to the objects of a store by HTTP: GET, HEAD, PUT and DELETE, with the conditions
/// and ranges of RFC 9110. In memory, unless a directory or a bucket is given.
#[derive(Parser)]
struct Options {
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "HOST:PORT", default_value = "127.0.0.1:3000")]
    addr: String,
    /// Keep the objects as files below this directory
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Keep the objects in this bucket of S3, or of what speaks its protocol; credentials and
    /// region are taken from the environment, as `AWS_ACCESS_KEY_ID` and so on
    #[arg(long, value_name = "BUCKET", conflicts_with = "dir")]
    s3: Option<String>,
    /// Where the bucket is, if not at Amazon
    #[arg(long, value_name = "URL", requires = "s3")]
    s3_endpoint: Option<String>,
    /// Answer 413 to a request with more content than this
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20)]
    max_body: usize,
    /// Lose updates: wait so long between the evaluation and a write without any condition
    #[arg(long, value_name = "MILLISECONDS", hide = true)]
    check_then_put_after: Option<u64>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: Options) -> Result<(), Box<dyn Error>> {
    let gateway = Gateway {
        store: store(&options)?,
        max_body: options.max_body,
        check_then_put_after: options.check_then_put_after.map(Duration::from_millis),
    };
    let router = Router::new()
        .fallback(gateway::handle)
        .with_state(Arc::new(gateway));
    let listener = TcpListener::bind(&options.addr)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", options.addr))?;
    writeln!(
        io::stdout(),
        "listening on http://{}",
        listener.local_addr()?
    )?;
    let serving = axum::serve(listener, router).with_graceful_shutdown(interrupts(1));
    tokio::select! {
        result = serving => Ok(result?),
        // A client that never ends its request does not keep the gateway from ending.
        () = interrupts(2) => Ok(()),
    }
}

/// Waits for Ctrl-C that many times.
async fn interrupts(times: usize) {
    for _ in 0..times {
        if tokio::signal::ctrl_c().await.is_err() {
            // No signals here: serve until the process is ended.
            std::future::pending::<()>().await;
        }
    }
}

fn store(options: &Options) -> Result<Box<dyn Store>, Box<dyn Error>> {
    if let Some(dir) = &options.dir {
        let disk = Disk::new(dir)
            .map_err(|error| format!("cannot keep objects in {}: {error}", dir.display()))?;
        return Ok(Box::new(disk));
    }
    let Some(bucket) = &options.s3 else {
        return Ok(Box::new(Swap::in_memory()));
    };
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "TLS has a provider already")?;
    let plain = options.s3_endpoint.as_ref();
    let client = ClientOptions::new()
        .with_allow_http(plain.is_some_and(|url| url.starts_with("http://")))
        .with_connect_timeout(Duration::from_secs(2))
        .with_timeout(Duration::from_secs(10));
    let mut s3 = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_client_options(client)
        .with_http_connector(busy::Connector::default())
        // Not every store can delete many objects in one request.
        .with_disable_bulk_delete(true);
    if let Some(url) = &options.s3_endpoint {
        s3 = s3.with_endpoint(url);
    }
    let tries_again = |times| RetryConfig {
        max_retries: times,
        retry_timeout: Duration::from_secs(10),
        ..RetryConfig::default()
    };
    let reads = s3.clone().with_retry(tries_again(2)).build()?;
    let writes = s3.with_retry(tries_again(0)).build()?;
    Ok(Box::new(Swap::new(reads, writes)))
}
