//! TLS in front of a server: what comes out of it is handed on, both ways.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Starts it; it ends with the test's process.
pub(crate) fn start(server: SocketAddr, certificate: &Path, key: &Path) -> SocketAddr {
    let certificates = vec![CertificateDer::from_pem_file(certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .unwrap();
    let config = Arc::new(config);
    // The client connects to localhost, whatever that is here.
    let listener = TcpListener::bind("localhost:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            thread::spawn(move || hand_on(stream, server, config));
        }
    });
    address
}

/// A request out of TLS, and the answer into it, in turns.
fn hand_on(stream: TcpStream, server: SocketAddr, config: Arc<ServerConfig>) {
    let connection = ServerConnection::new(config).unwrap();
    let mut client = StreamOwned::new(connection, stream);
    let mut server = TcpStream::connect(server).unwrap();
    // Whatever comes within this time belongs to the answer.
    server
        .set_read_timeout(Some(Duration::from_millis(20)))
        .unwrap();
    let mut chunk = [0; 16 << 10];
    loop {
        let Ok(length @ 1..) = client.read(&mut chunk) else {
            return;
        };
        server.write_all(&chunk[..length]).unwrap();
        let mut any = false;
        loop {
            match server.read(&mut chunk) {
                Ok(0) => return,
                Ok(length) => {
                    client.write_all(&chunk[..length]).unwrap();
                    any = true;
                }
                Err(_) if any => break,
                Err(_) => {}
            }
        }
    }
}
