//! Tables of requests in the documentation, read so that tests can hold them to what they say.

/// The cells of all tables under this header row.
pub(crate) fn rows<'d>(document: &'d str, header: &str) -> Vec<Vec<&'d str>> {
    let tables = document.split(header).skip(1);
    let lines = tables.flat_map(|table| {
        let lines = table.lines().skip(2);
        lines.take_while(|line| line.starts_with('|'))
    });
    lines.map(cells).collect()
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim_start_matches('|').trim_end_matches('|');
    line.split('|').map(str::trim).collect()
}

/// What is set as code in a cell.
pub(crate) fn code(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// The method and the field lines of a request, such as `` `GET` `If-None-Match: "v1"` ``.
pub(crate) fn request(cell: &str) -> (&str, Vec<(&str, &str)>) {
    let mut code = code(cell);
    let method = code.next().expect(cell);
    let fields = code.map(|field| field.split_once(": ").expect(cell));
    (method, fields.collect())
}
