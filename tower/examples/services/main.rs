//! Serves one service of each kind, to be looked at with curl or a browser:
//! `cargo run -p tower-http-conditional --all-features --example services`.

mod services;

use std::path::PathBuf;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next();
    let address = address.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let directory = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    std::fs::write(directory.join("text.html"), services::text())?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    for kind in services::KINDS {
        println!(
            "{}{}{}",
            kind.path,
            if kind.is_coded { ", with gzip" } else { "" },
            if kind.is_dated { ", with a date" } else { "" },
        );
    }
    axum::serve(listener, services::router(&directory)).await
}
