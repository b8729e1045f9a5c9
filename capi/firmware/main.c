/*
 * A server in C on a Cortex-M, over its serial line: one note at /note to GET, HEAD and PUT. It keeps no header section:
 * each line is read into one buffer, given to the evaluation, and overwritten by the next.
 */
#include <http_conditional.h>

#include "uart.h"

enum { LINE = 256, CONTENT = 256 };

static char line[LINE];
static char content[CONTENT] = "The first note.\n";
static size_t content_length = 16;
static uint32_t version = 1;
static int exists = 1;

static void say(const char *text)
{
    while (*text) {
        uart_send(*text++);
    }
}

static size_t digits(uint64_t number, char *text)
{
    char reversed[20];
    size_t length = 0, i;
    do {
        reversed[length++] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    for (i = 0; i < length; i++) {
        text[i] = reversed[length - 1 - i];
    }
    text[length] = 0;
    return length;
}

/* Reads a line without its end; its length, or -1 where it did not fit. */
static int read_line(void)
{
    int length = 0, fits = 1, byte;
    while ((byte = uart_receive()) != '\n') {
        if (length == LINE) {
            fits = 0;
        } else {
            line[length++] = (char)byte;
        }
    }
    if (length > 0 && line[length - 1] == '\r') {
        length--;
    }
    return fits ? length : -1;
}

/* As it is written: methods and paths are case-sensitive. */
static int same(const char *text, size_t length, const char *other)
{
    size_t i;
    for (i = 0; i < length && other[i] && text[i] == other[i]; i++) {
    }
    return i == length && !other[i];
}

/* In any case, as the names of fields are. */
static int is(const char *text, size_t length, const char *lower)
{
    size_t i;
    for (i = 0; i < length && lower[i]; i++) {
        char byte = text[i];
        if (byte >= 'A' && byte <= 'Z') {
            byte = (char)(byte + 32);
        }
        if (byte != lower[i]) {
            return 0;
        }
    }
    return i == length && !lower[i];
}

/* The end of a request: what is to be known of it. */
struct request {
    hcond_state state;
    int is_head, is_put, is_get, is_chunked, has_length, status;
    /* Nobody can tell where its content ends. */
    int is_endless;
    char range[64];
    size_t range_length, content_length;
};

static void field(struct request *request, size_t length)
{
    size_t name = 0, i;
    const char *value;
    while (name < length && line[name] != ':') {
        name++;
    }
    if (name == length) {
        request->status = 400;
        return;
    }
    value = line + name + 1;
    length -= name + 1;
    hcond_field(&request->state, line, name, value, length);
    if (is(line, name, "content-length")) {
        size_t number = 0;
        for (i = 0; i < length; i++) {
            if (value[i] >= '0' && value[i] <= '9' && number < 100000) {
                number = number * 10 + (size_t)(value[i] - '0');
            } else if (value[i] != ' ') {
                request->is_endless = 1;
            }
        }
        if (request->has_length && number != request->content_length) {
            request->is_endless = 1;
        }
        request->has_length = 1;
        request->content_length = number;
    } else if (is(line, name, "transfer-encoding")) {
        /* Whatever it names before, in a request it ends with `chunked` (RFC 9112 section 6.3). */
        request->is_chunked = 1;
    } else if (is(line, name, "range")) {
        if (length > sizeof request->range) {
            length = 0;
        }
        for (i = 0; i < length; i++) {
            request->range[i] = value[i];
        }
        request->range_length = length;
    }
}

static const char *reason(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 416: return "Range Not Satisfiable";
    case 428: return "Precondition Required";
    case 431: return "Request Header Fields Too Large";
    default: return "Internal Server Error";
    }
}

static void status_line(int status)
{
    char number[21];
    digits((uint64_t)status, number);
    say("HTTP/1.1 ");
    say(number);
    say(" ");
    say(reason(status));
    say("\r\n");
}

static void one_field(const char *name, const char *value)
{
    say(name);
    say(": ");
    say(value);
    say("\r\n");
}

static size_t length_of(const char *text)
{
    return hcond_string(text).length;
}

/* The answer to a GET or HEAD of the note. */
static void show(struct request *request, const char *tag)
{
    const char *const fields[][2] = {{"Content-Type", "text/plain"}, {"ETag", tag}, {"Cache-Control", "no-cache"},
                                     {"Vary", "Accept-Encoding"}, {"Accept-Ranges", "bytes"}};
    int status = hcond_decide(&request->state);
    uint32_t known = HCOND_WITH_ETAG;
    hcond_byte_range part = {0, 0};
    size_t count = 0, i, sent = content_length;
    char text[HCOND_CONTENT_RANGE_SIZE];

    if (hcond_present(&request->state) & HCOND_IF_RANGE) {
        known |= HCOND_WITH_IF_RANGE;
    }
    if (status == HCOND_PERFORM || status == HCOND_PERFORM_IGNORING_RANGE) {
        status = hcond_range(&request->state, request->range, request->range_length, content_length, NULL, 0, &part, 1,
                             &count, NULL);
    }
    if (status < 0) {
        status = 500;
    }
    if (status == 206) {
        sent = (size_t)(part.last - part.first + 1);
    } else if (status != 200) {
        sent = 0;
    }
    status_line(status);
    for (i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (status == 200 || hcond_keeps(status, known, fields[i][0], length_of(fields[i][0])) == 1) {
            one_field(fields[i][0], fields[i][1]);
        }
    }
    if (status == 206 && hcond_content_range(part.first, part.last, content_length, text, sizeof text) > 0) {
        one_field("Content-Range", text);
    }
    if (status == 416 && hcond_content_range_unsatisfied(content_length, text, sizeof text) > 0) {
        one_field("Content-Range", text);
    }
    if (status != 304) {
        digits(sent, text);
        one_field("Content-Length", text);
    }
    say("\r\n");
    for (i = 0; i < sent && !request->is_head; i++) {
        uart_send(content[part.first + i]);
    }
}

/* An answer without content. */
static void answer(int status, const char *tag)
{
    status_line(status);
    if (tag) {
        one_field("ETag", tag);
    }
    if (status == 405) {
        one_field("Allow", "GET, HEAD, PUT");
    }
    if (status != 204) {
        one_field("Content-Length", "0");
    }
    say("\r\n");
}

/*
 * The tag of the note, made of its version and its content: the version is counted from 1 again after a reset, and by
 * itself would be the tag of another note then. The digest is FNV-1a; where strangers write, take one that they cannot
 * forge.
 */
static void tag_now(char *tag, size_t size)
{
    unsigned char digest[12];
    uint64_t hash = 14695981039346656037u;
    size_t i;
    for (i = 0; i < content_length; i++) {
        hash = (hash ^ (unsigned char)content[i]) * 1099511628211u;
    }
    for (i = 0; i < sizeof digest; i++) {
        digest[i] = (unsigned char)(i < 4 ? version >> (8 * i) : hash >> (8 * (i - 4)));
    }
    hcond_tag_from_digest(digest, sizeof digest, tag, size);
}

/* Reads chunked content to its end, and drops it: a note has to say its length first. 0 if that is no chunk. */
static int drop_chunks(void)
{
    for (;;) {
        uint32_t length = 0;
        int read = read_line(), i;
        for (i = 0; i < read && line[i] != ';' && line[i] != ' '; i++) {
            char digit = (char)(line[i] | 32);
            int value = digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
            if (value < 0 || length > UINT32_MAX >> 4) {
                return 0;
            }
            length = length * 16 + (uint32_t)value;
        }
        if (i <= 0) {
            return 0;
        }
        if (length == 0) {
            while (read_line() != 0) {
            }
            return 1;
        }
        while (length--) {
            uart_receive();
        }
        if (read_line() != 0) {
            return 0;
        }
    }
}

static void serve(void)
{
    static struct request request;
    static const struct request nothing;
    static char tag[32];
    hcond_resource now = HCOND_RESOURCE_INIT;
    int length;
    size_t method = 0, target, i, existed;

    do {
        length = read_line();
    } while (length == 0);
    request = nothing;
    while (length > 0 && method < (size_t)length && line[method] != ' ') {
        method++;
    }
    target = method + 1;
    request.is_get = same(line, method, "GET");
    request.is_head = same(line, method, "HEAD");
    request.is_put = same(line, method, "PUT");
    if (length < 0 || target + 6 > (size_t)length || !same(line + target, 6, "/note ")) {
        request.status = 404;
    } else if (!request.is_get && !request.is_head && !request.is_put) {
        request.status = 405;
    }

    /* The one thread is the lock: nothing changes until the answer is given. */
    tag_now(tag, sizeof tag);
    if (exists) {
        now.etag = hcond_string(tag);
    }
    if (hcond_begin(&request.state, sizeof request.state, line, method, &now, sizeof now) != HCOND_OK) {
        request.status = 500;
    }
    while ((length = read_line()) != 0) {
        if (length > 0) {
            field(&request, (size_t)length);
        } else {
            /* It may have been its length. */
            request.is_endless = 1;
            if (!request.status) {
                request.status = 431;
            }
        }
    }

    if (request.is_chunked && !request.is_endless) {
        request.content_length = 0;
        if (!drop_chunks()) {
            request.is_endless = 1;
        } else if (!request.status) {
            request.status = 411;
        }
    }
    if (request.is_endless) {
        /* There is no connection to close: what comes until the line is silent belongs to it. */
        while (uart_goes_on()) {
            uart_receive();
        }
        request.content_length = 0;
        if (!request.status) {
            request.status = 400;
        }
    }
    if (request.is_put && !request.status) {
        request.status = hcond_admit(&request.state, HCOND_GUARD_STRONG);
        if (!request.status && request.content_length > CONTENT) {
            request.status = 413;
        }
    }
    for (i = 0; i < request.content_length; i++) {
        char byte = (char)uart_receive();
        if (request.is_put && !request.status) {
            content[i] = byte;
        }
    }
    if (request.status) {
        answer(request.status, exists && (request.status == 412 || request.status == 428) ? tag : NULL);
    } else if (request.is_put) {
        existed = (size_t)exists;
        content_length = request.content_length;
        exists = 1;
        version++;
        hcond_end(&request.state);
        tag_now(tag, sizeof tag);
        answer(existed ? 204 : 201, tag);
    } else if (!exists) {
        answer(404, NULL);
    } else {
        show(&request, tag);
    }
    hcond_end(&request.state);
}

int main(void)
{
    uart_start();
    for (;;) {
        serve();
    }
}
