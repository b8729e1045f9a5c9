//! actix-web, whose header map is that of an older http: names and values are bytes all the same.

use std::io;
use std::sync::PoisonError;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use frameworks::notes::{Note, Notes, notes};
use http_conditional::{Decision, Representation, ResponseHead, evaluate};

/// Also for HEAD, where actix leaves the content out. It serves no ranges: Range may be ignored.
async fn get_note(notes: Data<Notes>, name: Path<String>, request: HttpRequest) -> HttpResponse {
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    // What is not there is 404, whatever the conditions (RFC 9110 section 13.2.1).
    let Some(note) = notes.get(name.as_str()) else {
        return HttpResponse::NotFound().finish();
    };
    let method = request.method().as_str();
    let mut fields = note.fields().to_vec();
    fields.retain(|(name, _)| *name != "accept-ranges");
    let (status, head) = match evaluate(method, note.representation(), request.headers().iter()) {
        Decision::Perform | Decision::PerformIgnoringRange => {
            return respond(StatusCode::OK, fields, note.text.clone());
        }
        Decision::NotModified => (
            StatusCode::NOT_MODIFIED,
            ResponseHead::NotModified { has_etag: true },
        ),
        Decision::PreconditionFailed => (
            StatusCode::PRECONDITION_FAILED,
            ResponseHead::PreconditionFailed,
        ),
    };
    fields.retain(|(name, _)| head.keeps(name.as_bytes()));
    respond(status, fields, Bytes::new())
}

async fn put_note(
    notes: Data<Notes>,
    name: Path<String>,
    request: HttpRequest,
    text: Bytes,
) -> HttpResponse {
    // The content is there. Held from the look at the current note to the end of the write.
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let current = notes.get(name.as_str());
    let selected = current.map_or(Representation::ABSENT, Note::representation);
    match evaluate("PUT", selected, request.headers().iter()) {
        Decision::Perform | Decision::PerformIgnoringRange => {}
        Decision::NotModified | Decision::PreconditionFailed => {
            return HttpResponse::PreconditionFailed().finish();
        }
    }
    let status = match current {
        Some(_) => StatusCode::NO_CONTENT,
        None => StatusCode::CREATED,
    };
    let note = Note::new(text);
    let response = respond(status, note.validators(), Bytes::new());
    notes.insert(name.into_inner(), note);
    response
}

fn respond(
    status: StatusCode,
    fields: impl IntoIterator<Item = (&'static str, String)>,
    content: Bytes,
) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    for field in fields {
        response.insert_header(field);
    }
    response.body(content)
}

#[actix_web::main]
async fn main() -> io::Result<()> {
    let address = std::env::args().nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let notes = Data::new(notes());
    let server = HttpServer::new(move || {
        App::new().app_data(notes.clone()).service(
            web::resource("/notes/{name}")
                .route(web::get().to(get_note))
                .route(web::head().to(get_note))
                .route(web::put().to(put_note)),
        )
    });
    let server = server.bind(address)?;
    println!("listening on http://{}", server.addrs()[0]);
    server.run().await
}
