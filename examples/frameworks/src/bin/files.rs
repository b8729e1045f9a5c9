//! A file server on hyper: the program of the guide's page "A file server".

use std::{convert::Infallible, env, io, io::ErrorKind, time::Duration};

use bytes::Bytes;
use futures_util::TryStreamExt;
use http_body_util::{BodyExt, Empty, StreamBody, combinators::UnsyncBoxBody};
use http_conditional::{
    Boundary, ContentInParts, HttpDate, Piece, Policy, ReplyPolicy, Representation, SmallTag,
    reply_in_parts,
};
use hyper::{Method, Request, Response, body::Frame, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};
use tokio::{fs::File, net::TcpListener};

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// The response to a GET or HEAD of a file.
async fn file<B>(name: &str, request: &Request<B>) -> io::Result<Response<Body>> {
    let mut file = File::open(name).await?;
    let metadata = file.metadata().await?;
    if !metadata.is_file() {
        return Err(ErrorKind::NotFound.into());
    }
    let (length, modified) = (metadata.len(), metadata.modified()?);

    // What everybody would get. The tag is weak for two seconds after a change, as another change
    // could have the same time, and strong from then on.
    let is_old = modified.elapsed().is_ok_and(|age| age.as_secs() > 2);
    let tag = SmallTag::of_file(length, modified);
    let tag = tag.map(|tag| if is_old { tag.strong() } else { tag });
    let current = Representation::current()
        .maybe_etag(tag.as_ref().map(SmallTag::as_tag))
        .maybe_last_modified(HttpDate::of_file(modified));
    let mut response = Response::new(());
    for (name, value) in current.fields() {
        response.headers_mut().insert(name, value.into());
    }

    // What this request gets. By the clock, a Last-Modified in the future becomes now.
    let policy = ReplyPolicy::new().conditions(Policy::new().now(HttpDate::now()));
    let (method, lines, all) = (request.method(), request.headers(), Some(length));
    let boundary = || Boundary::from_random(rand::random());
    let mut content = reply_in_parts(method, lines, &mut response, all, &policy, boundary);
    if let ContentInParts::None | ContentInParts::Head = content {
        return Ok(response.map(|()| nothing()));
    }
    let (mut writer, reader) = tokio::io::duplex(1 << 16);
    tokio::spawn(async move {
        while let Some(piece) = content.next_piece(length) {
            match piece {
                Piece::Framing(bytes) => writer.write_all(bytes).await?,
                Piece::Content(range) => {
                    file.seek(io::SeekFrom::Start(range.first())).await?;
                    tokio::io::copy(&mut (&mut file).take(range.len()), &mut writer).await?;
                }
            }
        }
        io::Result::Ok(())
    });
    let frames = tokio_util::io::ReaderStream::new(reader).map_ok(Frame::data);
    Ok(response.map(|()| StreamBody::new(frames).boxed_unsync()))
}

fn nothing() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

async fn respond<B>(request: Request<B>) -> Result<Response<Body>, Infallible> {
    // A name and nothing that leads elsewhere.
    let name = request.uri().path().trim_start_matches('/');
    let refused = match *request.method() {
        Method::GET | Method::HEAD if name.starts_with('.') || name.contains(['/', '\\']) => 404,
        Method::GET | Method::HEAD => match file(name, &request).await {
            Ok(response) => return Ok(response),
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::InvalidFilename) => 404,
            Err(e) if e.kind() == ErrorKind::PermissionDenied => 403,
            Err(_) => 500,
        },
        _ => 405,
    };
    let response = Response::builder().status(refused);
    let response = response.header("allow", "GET, HEAD").body(nothing());
    Ok(response.expect("a status and a field"))
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let address = env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:3000".into());
    let listener = TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of descriptors, perhaps: they come back.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let connection = TokioIo::new(stream);
        tokio::spawn(http1::Builder::new().serve_connection(connection, service_fn(respond)));
    }
}
