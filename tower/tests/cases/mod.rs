//! The twenty-five cases where servers disagree, with what RFC 9110 says of them: shared by the
//! tests of the layer and those of the programs in `examples/frameworks`.

const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const X: &str = "\"x\"";
const PART: (&str, &str) = ("range", "bytes=0-1");

/// What is current, as its 200 says it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Current<'a> {
    pub(crate) tag: Option<&'a str>,
    pub(crate) modified: Option<&'a str>,
    /// Whether a Range of the first two bytes is answered with them.
    pub(crate) has_ranges: bool,
}

/// A request, and the status of its response.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// Which of the twenty-five.
    pub(crate) number: u8,
    pub(crate) lines: Vec<(&'static str, String)>,
    /// That of a GET or a PUT; 200 is that of what is performed.
    pub(crate) status: u16,
}

impl Case {
    fn new<const N: usize>(number: u8, lines: [(&'static str, &str); N], status: u16) -> Self {
        let lines = lines.map(|(name, value)| (name, value.to_owned()));
        Self {
            number,
            lines: lines.to_vec(),
            status,
        }
    }

    /// Section 14.2: for HEAD, a Range has no meaning.
    pub(crate) fn status_of_head(&self) -> u16 {
        if self.status == 206 { 200 } else { self.status }
    }
}

/// Those of a GET, HEAD or QUERY.
pub(crate) fn of_retrievals(current: Current<'_>) -> Vec<Case> {
    let mut cases = vec![
        Case::new(5, [PART, ("if-match", "\"old\"")], 412),
        Case::new(15, [("if-match", "")], 412),
        Case::new(20, [("if-unmodified-since", "foo")], 200),
        Case::new(20, [("if-modified-since", "foo 2030")], 200),
        Case::new(24, [("if-match", "*")], 200),
        Case::new(24, [("if-none-match", "*")], 304),
        Case::new(24, [("if-none-match", X)], 200),
    ];
    match current.tag {
        Some(tag) => cases.extend(by_tag(tag, current.has_ranges)),
        None => cases.push(Case::new(24, [("if-match", X)], 412)),
    }
    match current.modified {
        Some(modified) => cases.extend(by_date(modified, current.tag)),
        None => cases.push(Case::new(21, [("if-unmodified-since", OLD)], 200)),
    }
    cases
}

fn by_tag(tag: &str, has_ranges: bool) -> Vec<Case> {
    let is_strong = !tag.starts_with("W/");
    let weak = &*format!("W/{}", tag.trim_start_matches("W/"));
    // To where a strong comparison is asked for.
    let strongly = |status| if is_strong { status } else { 412 };
    let second = &*format!("\"x\", {tag}");
    let last = &*format!("W/\"x\", {tag}");
    let among = &*format!("W/\"x\", \"b,a\" , {weak},");
    let resumed = if is_strong && has_ranges { 206 } else { 200 };
    let (if_match, if_none_match) = (("if-match", tag), ("if-none-match", tag));
    vec![
        Case::new(5, [PART, ("if-match", weak)], 412),
        Case::new(6, [PART, ("if-range", weak)], 200),
        Case::new(6, [PART, ("if-range", tag)], resumed),
        Case::new(7, [PART, ("if-range", second)], 200),
        Case::new(10, [PART, ("if-range", tag), if_none_match], 304),
        Case::new(11, [PART, ("if-none-match", weak)], 304),
        Case::new(12, [if_none_match, ("if-modified-since", OLD)], 304),
        Case::new(12, [if_none_match, ("if-modified-since", "garbage")], 304),
        Case::new(12, [("if-modified-since", "garbage"), if_none_match], 304),
        // What is in quotes is one tag, with a comma or without.
        Case::new(16, [if_none_match], 304),
        Case::new(16, [if_match], strongly(200)),
        Case::new(16, [("if-none-match", "\"b,a\"")], 200),
        Case::new(16, [("if-none-match", among)], 304),
        Case::new(17, [("if-match", last)], strongly(200)),
        Case::new(18, [("if-match", X), if_match], strongly(200)),
        Case::new(18, [("if-none-match", X), if_none_match], 304),
        Case::new(19, [if_match, ("if-unmodified-since", OLD)], strongly(200)),
    ]
}

fn by_date(modified: &str, tag: Option<&str>) -> Vec<Case> {
    // Later than any.
    let later = "Fri, 31 Dec 9999 23:59:59 GMT";
    let twice = &*format!("{modified}, {modified}");
    let since = ("if-modified-since", modified);
    let unmodified = ("if-unmodified-since", modified);
    let mut cases = vec![
        Case::new(8, [PART, ("if-range", later)], 200),
        Case::new(9, [PART, ("if-range", modified)], 200),
        Case::new(13, [("if-none-match", X), since], 200),
        Case::new(14, [("if-none-match", "garbage"), since], 200),
        Case::new(15, [("if-none-match", ""), since], 200),
        Case::new(20, [since], 304),
        Case::new(20, [("if-modified-since", OLD)], 200),
        Case::new(20, [unmodified], 200),
        Case::new(20, [("if-unmodified-since", OLD)], 412),
        Case::new(22, [unmodified, ("if-none-match", "*")], 304),
        Case::new(23, [("if-modified-since", twice)], 200),
        Case::new(23, [since, since], 200),
    ];
    if let Some(tag) = tag {
        cases.push(Case::new(22, [unmodified, ("if-none-match", tag)], 304));
    }
    cases
}

/// Those of a PUT, where this strong tag and this date are current. The last is performed.
pub(crate) fn of_writes(tag: &str, modified: Option<&str>) -> Vec<Case> {
    let weak = &*format!("W/{tag}");
    vec![
        Case::new(1, [("if-match", "\"old\"")], 412),
        Case::new(1, [("if-match", weak)], 412),
        Case::new(2, [("if-none-match", weak)], 412),
        Case::new(2, [("if-none-match", tag)], 412),
        Case::new(3, [("if-none-match", "*")], 412),
        Case::new(4, [("if-match", "\"a,b\"")], 412),
        Case::new(4, [("if-match", tag.trim_matches('"'))], 412),
        Case::new(15, [("if-match", "")], 412),
        Case::new(
            25,
            [
                ("if-modified-since", modified.unwrap_or(OLD)),
                ("if-match", tag),
            ],
            200,
        ),
    ]
}

/// Case 25, where nothing is there: the response without conditions is the one with them.
pub(crate) const OF_WHAT_IS_MISSING: [(&str, &str); 4] = [
    ("if-match", "*"),
    ("if-match", X),
    ("if-none-match", "*"),
    PART,
];
