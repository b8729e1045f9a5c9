//! Asks twice whether a URL has something new. It is the program of the guide's page "A feed reader".

use std::time::Duration;

use http_conditional::cache::{AfterNotModified, Response, StorableFields, ValidationRequest};

type Fields = Vec<(String, String)>;

struct Answer {
    status: u16,
    fields: Fields,
    content: String,
}

/// What is kept of a feed; in a file, a database, or in memory.
struct Feed {
    fields: Fields,
    content: String,
}

/// Whether there is something new.
fn poll<E>(feed: &mut Option<Feed>, get: impl Fn(Fields) -> Result<Answer, E>) -> Result<bool, E> {
    let conditions = match feed {
        None => Vec::new(),
        Some(feed) => conditions(&feed.fields),
    };
    let mut answer = get(conditions)?;
    if let (304, Some(kept)) = (answer.status, &mut *feed) {
        let stored = kept.fields.clone();
        let request = ValidationRequest::new(Response::new(200).fields(&stored)).byte_for_byte();
        match request.after_not_modified(Response::new(304).fields(&answer.fields)) {
            AfterNotModified::Reuse(_) => update(&mut kept.fields, &answer.fields),
            AfterNotModified::ReuseAsIs(_) => {}
            // It is about something else: ask for all of it.
            AfterNotModified::Retry => answer = get(Vec::new())?,
        }
    }
    // Without a 200, an error for example, what there is stays.
    if answer.status != 200 {
        return Ok(false);
    }
    let is_new = feed.as_ref().map(|kept| &kept.content) != Some(&answer.content);
    *feed = Some(Feed {
        fields: answer.fields,
        content: answer.content,
    });
    Ok(is_new)
}

fn conditions(stored: &Fields) -> Fields {
    let request = ValidationRequest::new(Response::new(200).fields(stored)).byte_for_byte();
    request
        .fields()
        .map(|field| (field.name().to_owned(), field.to_string()))
        .collect()
}

fn update(stored: &mut Fields, newer: &Fields) {
    let is = |name: &'static str| move |line: &&(String, String)| line.0.eq_ignore_ascii_case(name);
    let rules = StorableFields::new(newer.iter().filter(is("connection")).map(|line| &line.1));
    let newer: Vec<_> = newer
        .iter()
        .filter(|(name, _)| rules.updates(name.as_bytes()))
        .collect();
    stored.retain(|(name, _)| !newer.iter().any(|(new, _)| new.eq_ignore_ascii_case(name)));
    stored.extend(newer.into_iter().cloned());
}

fn get(fields: Fields) -> Result<Answer, ureq::Error> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .new_agent();
    let url = std::env::args().nth(1);
    let mut request = agent.get(url.as_deref().unwrap_or("http://127.0.0.1:3000/notes.txt"));
    for (name, value) in fields {
        request = request.header(name, value);
    }
    let mut response = request.call()?;
    println!("{}", response.status());
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let lines = response.headers().iter();
    Ok(Answer {
        status: response.status().as_u16(),
        fields: lines
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .collect(),
        content: text(&response.body_mut().read_to_vec()?),
    })
}

fn main() {
    let mut feed = None;
    // A feed reader waits for an hour in between.
    for _ in 0..2 {
        match poll(&mut feed, get) {
            Ok(news) => println!("new: {news}"),
            // What there is stays.
            Err(error) => println!("{error}"),
        }
    }
}
