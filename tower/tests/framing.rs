//! Content of any framing, and any Range: what goes out is what the whole, cut by hand, says.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::ready;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body, Frame, SizeHint};
use proptest::prelude::*;
use tower::{Layer, Service, service_fn};
use tower_http_conditional::{ConditionalBody, ConditionalLayer};

/// What happens when the content is asked for more.
#[derive(Clone, Debug)]
enum Event {
    Pending,
    Data(usize),
    Trailers,
    Broken,
}

/// Says what it knows of its size, and panics where it is asked for more after its end, as
/// compressed content of tower-http does.
struct Events {
    left: VecDeque<Event>,
    sent: usize,
    total: usize,
    says: Says,
    is_over: bool,
}

/// Who says the length.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Says {
    Content,
    Field,
    Both,
    Nobody,
}

impl Events {
    fn new(events: &[Event], says: Says) -> Self {
        let total = events.iter().map(|event| match event {
            Event::Data(bytes) => *bytes,
            _ => 0,
        });
        Self {
            left: events.iter().cloned().collect(),
            sent: 0,
            total: total.sum(),
            says,
            is_over: false,
        }
    }
}

/// Each byte tells where it is.
fn bytes(first: usize, end: usize) -> Bytes {
    (first..end)
        .map(|place| u8::try_from(place % 251).unwrap())
        .collect()
}

impl Body for Events {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        assert!(!self.is_over, "asked for more after its end");
        match self.left.pop_front() {
            None => {
                self.is_over = true;
                Poll::Ready(None)
            }
            Some(Event::Pending) => {
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Event::Broken) => {
                self.is_over = true;
                Poll::Ready(Some(Err("broken")))
            }
            Some(Event::Trailers) => Poll::Ready(Some(Ok(Frame::trailers(HeaderMap::new())))),
            Some(Event::Data(length)) => {
                let first = self.sent;
                self.sent += length;
                Poll::Ready(Some(Ok(Frame::data(bytes(first, self.sent)))))
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self.says {
            Says::Content | Says::Both => SizeHint::with_exact((self.total - self.sent) as u64),
            Says::Field | Says::Nobody => SizeHint::new(),
        }
    }
}

/// What came, with how it ended.
#[derive(Debug, Default, PartialEq)]
struct Received {
    data: Vec<u8>,
    trailers: usize,
    error: Option<&'static str>,
}

/// To the end and beyond it. What is said of the size holds at every frame.
fn receive(body: ConditionalBody<Events>, is_broken: bool) -> Received {
    let mut context = Context::from_waker(Waker::noop());
    let mut received = Received::default();
    let mut said = Vec::new();
    let mut body = pin!(body);
    loop {
        said.push((received.data.len(), body.size_hint(), body.is_end_stream()));
        match body.as_mut().poll_frame(&mut context) {
            Poll::Pending => {}
            Poll::Ready(None) => break,
            Poll::Ready(Some(Err(error))) => {
                received.error = Some(error);
                break;
            }
            Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => received.data.extend_from_slice(&data),
                Err(_) => received.trailers += 1,
            },
        }
    }
    for _ in 0..3 {
        assert!(matches!(
            body.as_mut().poll_frame(&mut context),
            Poll::Ready(None)
        ));
        assert!(body.is_end_stream());
    }
    if !is_broken {
        for (before, size, is_end) in said {
            let rest = (received.data.len() - before) as u64;
            assert!(size.lower() <= rest, "{size:?} {rest}");
            assert!(
                size.upper().is_none_or(|upper| rest <= upper),
                "{size:?} {rest}"
            );
            assert!(!is_end || rest == 0);
        }
    }
    received
}

fn respond(
    layer: ConditionalLayer,
    events: &[Event],
    says: Says,
    lines: &[(&'static str, String)],
) -> Response<ConditionalBody<Events>> {
    let inner = service_fn(|_: Request<()>| {
        let content = Events::new(events, says);
        let mut response = Response::builder().header("content-type", "text/plain");
        if matches!(says, Says::Field | Says::Both) {
            response = response.header("content-length", content.total);
        }
        ready(Ok::<_, Infallible>(response.body(content).unwrap()))
    });
    let mut request = Request::builder();
    for (name, value) in lines {
        request = request.header(*name, value);
    }
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(layer.layer(inner).call(request.body(()).unwrap()));
    loop {
        if let Poll::Ready(Ok(response)) = future.as_mut().poll(&mut context) {
            return response;
        }
    }
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let data = prop_oneof![Just(0), Just(1), 0_usize..20, 0_usize..300].prop_map(Event::Data);
    let event = prop_oneof![8 => data, 2 => Just(Event::Pending)];
    let end = prop_oneof![
        4 => Just(None),
        1 => Just(Some(Event::Trailers)),
        1 => Just(Some(Event::Broken))
    ];
    (prop::collection::vec(event, 0..12), end).prop_map(|(mut events, end)| {
        events.extend(end);
        events
    })
}

fn says() -> impl Strategy<Value = Says> {
    prop_oneof![
        Just(Says::Content),
        Just(Says::Field),
        Just(Says::Both),
        Just(Says::Nobody)
    ]
}

/// Whole, without a Range.
fn whole(events: &[Event]) -> Received {
    let total = Events::new(events, Says::Nobody).total;
    Received {
        data: bytes(0, total).into(),
        trailers: events
            .iter()
            .filter(|event| matches!(event, Event::Trailers))
            .count(),
        error: events
            .iter()
            .any(|event| matches!(event, Event::Broken))
            .then_some("broken"),
    }
}

/// Takes the parts of a multipart apart by what they say.
fn parts(content: &[u8], boundary: &str) -> Option<Vec<(usize, usize, Vec<u8>)>> {
    let mut rest = content.strip_prefix(format!("--{boundary}").as_bytes())?;
    let mut parts = Vec::new();
    while rest != b"--\r\n" {
        let end = rest.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&rest[..end]).ok()?;
        let line = head
            .lines()
            .find_map(|line| line.strip_prefix("Content-Range: bytes "))?;
        let (first, last) = line.split_once('/')?.0.split_once('-')?;
        let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
        rest = &rest[end + 4..];
        let (data, after) = rest.split_at_checked(last + 1 - first)?;
        parts.push((first, last, data.to_vec()));
        rest = after.strip_prefix(format!("\r\n--{boundary}").as_bytes())?;
    }
    Some(parts)
}

/// `FULL_TESTS=1` for many more.
fn cases() -> u32 {
    if std::env::var_os("FULL_TESTS").is_some() {
        20_000
    } else {
        200
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_whole_goes_through_as_it_is(events in events(), says in says()) {
        let response = respond(ConditionalLayer::new(), &events, says, &[]);
        prop_assert_eq!(response.status(), 200);
        let expected = whole(&events);
        let received = receive(response.into_body(), expected.error.is_some());
        prop_assert_eq!(received, expected);
    }

    #[test]
    #[cfg(feature = "digest")]
    fn a_digest_loses_nothing(events in events(), says in says(), limit in 0_u64..1000) {
        let expected = whole(&events);
        let total = expected.data.len() as u64;
        let response = respond(ConditionalLayer::new().digest_up_to(limit), &events, says, &[]);
        let has_tag = response.headers().contains_key("etag");
        let is_known = says != Says::Nobody && total <= limit && expected.error.is_none();
        prop_assert_eq!(has_tag, is_known);
        let received = receive(response.into_body(), expected.error.is_some());
        prop_assert_eq!(received, expected);
    }

    #[test]
    fn one_part(events in events(), says in says(), first in 0_usize..400, length in 1_usize..300) {
        let expected = whole(&events);
        let total = expected.data.len();
        let last = first + length - 1;
        let lines = [("range", format!("bytes={first}-{last}"))];
        let response = respond(ConditionalLayer::new(), &events, says, &lines);
        let (head, body) = response.into_parts();
        let received = receive(body, expected.error.is_some());
        if says == Says::Nobody {
            prop_assert_eq!(head.status, 200);
            prop_assert_eq!(received, expected);
        } else if first >= total {
            prop_assert_eq!(head.status, 416);
            prop_assert_eq!(received, Received::default());
        } else {
            prop_assert_eq!(head.status, 206);
            let last = last.min(total - 1);
            prop_assert_eq!(&head.headers["content-length"], &(last - first + 1).to_string());
            // What breaks the content comes after its last byte: the part is complete before.
            prop_assert_eq!(received, Received { data: expected.data[first..=last].into(), ..Received::default() });
        }
    }

    #[test]
    fn several_parts(events in events(), says in says(), cuts in prop::collection::vec(1_usize..150, 2..12)) {
        let expected = whole(&events);
        let total = expected.data.len();
        let mut place = 0;
        let mut ranges = Vec::new();
        for pair in cuts.chunks_exact(2) {
            let first = place + pair[0];
            place = first + pair[1];
            ranges.push((first, place - 1));
        }
        let set: Vec<_> = ranges.iter().map(|(first, last)| format!("{first}-{last}")).collect();
        let lines = [("range", format!("bytes={}", set.join(",")))];
        let response = respond(ConditionalLayer::new(), &events, says, &lines);
        let (head, body) = response.into_parts();
        let received = receive(body, expected.error.is_some());
        let satisfiable: Vec<_> = ranges
            .into_iter()
            .filter(|(first, _)| *first < total)
            .map(|(first, last)| (first, last.min(total - 1)))
            .collect();
        if says == Says::Nobody {
            prop_assert_eq!((head.status.as_u16(), received), (200, expected));
        } else if satisfiable.len() > 1 {
            prop_assert_eq!(head.status, 206);
            let media_type = head.headers["content-type"].to_str().unwrap();
            let boundary = media_type.strip_prefix("multipart/byteranges; boundary=").unwrap();
            prop_assert_eq!(&head.headers["content-length"], &received.data.len().to_string());
            let seen = parts(&received.data, boundary).expect("a multipart");
            let cut = satisfiable.into_iter().map(|(first, last)| {
                (first, last, expected.data[first..=last].to_vec())
            });
            prop_assert_eq!(seen, cut.collect::<Vec<_>>());
        } else {
            let status = if satisfiable.is_empty() { 416 } else { 206 };
            prop_assert_eq!(head.status, status);
        }
    }
}
