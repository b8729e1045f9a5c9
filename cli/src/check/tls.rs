//! TLS around the bytes of HTTP (RFC 9110 section 4.2.2), by rustls, and the version of HTTP that is
//! agreed on in it (RFC 7301).

use std::fmt::Display;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::client::{Error, Manner};
use super::connect::tcp;
use super::target::Target;

/// HTTP/1.1, by its name in ALPN.
pub(super) const HTTP1: &[u8] = b"http/1.1";
/// HTTP/2.
pub(super) const HTTP2: &[u8] = b"h2";

pub(super) fn cannot(error: &dyn Display) -> Error {
    Error::Connect(format!("TLS: {error}"))
}

/// Speaks TLS, and in it one of these versions.
pub(super) fn connect(
    stream: TcpStream,
    target: &Target,
    manner: &Manner,
    versions: &[&[u8]],
) -> Result<StreamOwned<ClientConnection, TcpStream>, Error> {
    let config = config(manner, versions)?;
    let mut connection =
        ClientConnection::new(config, server_name(target)?).map_err(|error| cannot(&error))?;
    let mut stream = stream;
    while connection.is_handshaking() {
        // So that a certificate that is not trusted is said to be that.
        connection
            .complete_io(&mut stream)
            .map_err(|error| cannot(&error))?;
    }
    Ok(StreamOwned::new(connection, stream))
}

/// Whether the server chooses HTTP/2 where it can have both.
pub(super) fn offers_http2(target: &Target, manner: &Manner) -> Result<bool, Error> {
    let stream = connect(tcp(target, manner)?, target, manner, &[HTTP2, HTTP1])?;
    Ok(stream.conn.alpn_protocol() == Some(HTTP2))
}

pub(super) fn server_name(target: &Target) -> Result<ServerName<'static>, Error> {
    ServerName::try_from(target.name().to_owned()).map_err(|error| cannot(&error))
}

pub(super) fn config(manner: &Manner, versions: &[&[u8]]) -> Result<Arc<ClientConfig>, Error> {
    let mut roots = RootCertStore::empty();
    match &manner.authorities {
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
    config.alpn_protocols = versions.iter().map(|version| version.to_vec()).collect();
    Ok(Arc::new(config))
}
