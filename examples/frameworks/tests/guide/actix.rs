use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use http_conditional::{Change, Reply, ReplyPolicy};

/// For GET and HEAD.
pub(crate) async fn hello(request: HttpRequest) -> HttpResponse {
    // What everybody would get.
    let text = b"Hello.";
    let fields = [("etag", "\"v1\""), ("content-type", "text/plain")];

    // What this request gets.
    let (method, lines) = (request.method().as_str(), request.headers().iter());
    let length = Some(text.len() as u64);
    let reply = Reply::new(method, lines, 200, fields, length, &ReplyPolicy::new());
    let status = StatusCode::from_u16(reply.status()).expect("200, 206, 304, 412 or 416");
    let mut response = HttpResponse::build(status);
    for (name, value) in fields
        .into_iter()
        .filter(|(name, _)| reply.keeps(name.as_bytes()))
    {
        response.insert_header((name, value));
    }
    for change in reply.changes() {
        if let Change::Set(name, value) = change {
            response.insert_header((name, value.to_string()));
        }
    }
    response.body(reply.content().of(text).to_vec())
}
