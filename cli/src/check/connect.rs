//! A connection to the server, encrypted or not (RFC 9110 section 4.3).

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};

use super::client::{Error, Manner};
use super::target::{Scheme, Target};

/// A stream of bytes, encrypted or not.
pub(super) trait Stream: Read + Write + Send {}

impl<T: Read + Write + Send> Stream for T {}

/// Connects for HTTP/1.1.
pub(super) fn stream(target: &Target, manner: &Manner) -> Result<Box<dyn Stream>, Error> {
    let stream = tcp(target, manner)?;
    match target.scheme {
        Scheme::Http => Ok(Box::new(stream)),
        Scheme::Https => encrypted(stream, target, manner),
    }
}

/// To the first address that takes it.
pub(super) fn tcp(target: &Target, manner: &Manner) -> Result<TcpStream, Error> {
    let addresses = (target.name(), target.port)
        .to_socket_addrs()
        .map_err(|error| Error::Connect(format!("{}: {error}", target.host)))?;
    let mut reason = format!("{} has no address", target.host);
    for address in addresses {
        match TcpStream::connect_timeout(&address, manner.timeout) {
            Ok(stream) => {
                stream.set_read_timeout(Some(manner.timeout))?;
                stream.set_write_timeout(Some(manner.timeout))?;
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => reason = format!("{address}: {error}"),
        }
    }
    Err(Error::Connect(reason))
}

/// Whether TLS offers HTTP/2. In the clear nobody can tell without trying.
#[cfg(feature = "tls")]
pub(super) fn offers_http2(target: &Target, manner: &Manner) -> Result<bool, Error> {
    Ok(target.scheme == Scheme::Https && super::tls::offers_http2(target, manner)?)
}

#[cfg(not(feature = "tls"))]
pub(super) fn offers_http2(target: &Target, manner: &Manner) -> Result<bool, Error> {
    // So that it is said what https needs.
    if target.scheme == Scheme::Https {
        stream(target, manner)?;
    }
    Ok(false)
}

#[cfg(feature = "tls")]
fn encrypted(
    stream: TcpStream,
    target: &Target,
    manner: &Manner,
) -> Result<Box<dyn Stream>, Error> {
    let stream = super::tls::connect(stream, target, manner, &[super::tls::HTTP1])?;
    Ok(Box::new(stream))
}

#[cfg(not(feature = "tls"))]
fn encrypted(_: TcpStream, _: &Target, _: &Manner) -> Result<Box<dyn Stream>, Error> {
    let reason = "https needs a build with `--features tls`";
    Err(Error::Connect(reason.to_owned()))
}
