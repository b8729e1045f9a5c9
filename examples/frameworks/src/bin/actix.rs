//! actix-web, whose header map is that of an older http: names and values are bytes all the same.

use std::io;
use std::sync::PoisonError;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use frameworks::notes::{Note, Notes, notes};
use http_conditional::{AdmitPolicy, Change, Reply, ReplyPolicy, Representation, admit};

/// Also for HEAD, where actix leaves the content out. It serves no ranges: Range may be ignored.
async fn get_note(notes: Data<Notes>, name: Path<String>, request: HttpRequest) -> HttpResponse {
    let notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    // What is not there is 404, whatever the conditions (RFC 9110 section 13.2.1).
    let Some(note) = notes.get(name.as_str()) else {
        return HttpResponse::NotFound().finish();
    };
    let mut fields = note.fields().to_vec();
    fields.retain(|(name, _)| *name != "accept-ranges");
    // Without a length, no Range applies.
    let (method, lines) = (request.method().as_str(), request.headers().iter());
    let reply = Reply::new(method, lines, 200, &fields, None, &ReplyPolicy::new());
    let mut kept = fields.clone();
    for change in reply.changes() {
        match change {
            Change::Remove(name) => kept.retain(|(other, _)| *other != name),
            Change::Set(name, value) => kept.push((name, value.to_string())),
        }
    }
    let status = StatusCode::from_u16(reply.status()).expect("a status of RFC 9110");
    let text = note.text.slice_ref(reply.content().of(&note.text));
    respond(status, kept, text)
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
    let status = match admit(
        "PUT",
        request.headers().iter(),
        selected,
        &AdmitPolicy::new(),
    ) {
        Ok(admitted) if admitted.creates() => StatusCode::CREATED,
        Ok(_) => StatusCode::NO_CONTENT,
        Err(_) => return HttpResponse::PreconditionFailed().finish(),
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
