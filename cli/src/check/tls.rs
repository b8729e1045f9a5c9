//! TLS around the bytes of HTTP (RFC 9110 section 4.2.2), by rustls.

use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::wire::{Error, Stream};

/// Speaks TLS, and HTTP/1.1 in it.
pub(super) fn connect(
    stream: TcpStream,
    name: &str,
    authorities: Option<&Path>,
) -> Result<Box<dyn Stream>, Error> {
    let cannot = |error: &dyn std::fmt::Display| Error::Connect(format!("TLS: {error}"));
    let mut roots = RootCertStore::empty();
    match authorities {
        None => {
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
        }
        Some(path) => {
            let certificates = CertificateDer::pem_file_iter(path);
            for certificate in certificates.map_err(|error| cannot(&error))? {
                let certificate = certificate.map_err(|error| cannot(&error))?;
                roots.add(certificate).map_err(|error| cannot(&error))?;
            }
        }
    }
    let mut config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let name = ServerName::try_from(name.to_owned()).map_err(|error| cannot(&error))?;
    let mut connection =
        ClientConnection::new(Arc::new(config), name).map_err(|error| cannot(&error))?;
    let mut stream = stream;
    while connection.is_handshaking() {
        // So that a certificate that is not trusted is said to be that.
        connection
            .complete_io(&mut stream)
            .map_err(|error| cannot(&error))?;
    }
    Ok(Box::new(StreamOwned::new(connection, stream)))
}
