/*
 * http_conditional.h - HTTP conditional requests, by RFC 9110 section 13
 *
 * Given this request and the state of the resource now: perform the method, answer 304 Not Modified, answer 412
 * Precondition Failed, or ignore the Range? This library says which, by every rule of RFC 9110 section 13 and of
 * RFC 10008 for QUERY. C99 and C++.
 *
 *     hcond_resource now = HCOND_RESOURCE_INIT;
 *     hcond_state state;
 *
 *     now.etag = hcond_string("\"v1\"");  without a tag: now.flags = HCOND_EXISTS;
 *     if (hcond_begin(&state, sizeof state, "GET", 3, &now, sizeof now) != HCOND_OK)
 *         the tag has no quotes, say: see below
 *     for each field line of the request:
 *         hcond_field(&state, name, name_length, value, value_length);
 *
 *     switch (hcond_decide(&state)) {
 *     case HCOND_PERFORM:                answer 200, or 206 if there is a Range
 *     case HCOND_PERFORM_IGNORING_RANGE: answer 200
 *     case HCOND_NOT_MODIFIED:           answer 304, with the fields of the 200 that hcond_keeps() names
 *     case HCOND_PRECONDITION_FAILED:    answer 412
 *     default:                           a negative number: one of the errors below
 *     }
 *
 * For a write, call hcond_admit() instead of hcond_decide().
 *
 * RULES FOR ALL FUNCTIONS
 *
 * Nothing is allocated, nothing is locked, there are no globals and no clock. Two threads may use two states at once;
 * one state is used by one thread at a time.
 *
 * Text is given as a pointer and a length, and need not end with a NUL. If the length is 0, the pointer is not looked
 * at and may be NULL. There are two exceptions, where NULL says that there is no such field, and any other pointer that
 * its value is empty: `etag` of the hcond_resource, and `value` of hcond_range(). NULL with another length is
 * HCOND_ERROR_NULL, as is NULL for something that is needed. A pointer to a struct or a number that is not aligned for it
 * is HCOND_ERROR_ALIGNMENT.
 *
 * No pointer is kept when a function returns, with one exception: the state keeps those that hcond_begin() finds in
 * `etag`, `also` and `also_room` of the hcond_resource, until hcond_end(), or the next hcond_begin() with that state, or
 * the end of the state's memory. What they point to must not change until then. The hcond_resource itself, the
 * method and all fields may be overwritten at once.
 *
 * What is written to a buffer is written as by snprintf(3): at most `size` bytes with the NUL that ends it, and the
 * result is the length of the whole text without the NUL, so that a result of `size` or more says that the text was cut.
 * `buffer` may be NULL if `size` is 0, to ask for the length. The buffer must not overlap what is read.
 *
 * A client may send any bytes. The time taken grows with how many there are, and with nothing else but `also_count` of
 * the hcond_resource: each tag of the client may be compared with each of those, so that the time grows with the product.
 *
 * On an error, nothing is written to where a result would go. The exception is HCOND_ERROR_TOO_LONG.
 */
#ifndef HTTP_CONDITIONAL_H
#define HTTP_CONDITIONAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header, to compare with hcond_version() of the library. */
#define HCOND_VERSION 0x00000200u

/*
 * ERRORS
 *
 * Every function that returns an int returns one of these if it cannot answer. Errors are negative, answers never are.
 */
enum {
    HCOND_OK = 0,
    /* NULL for something that is needed. */
    HCOND_ERROR_NULL = -1,
    /* A pointer that is not aligned for what it points to. */
    HCOND_ERROR_ALIGNMENT = -2,
    /* A size that is not that of the struct, or longer than memory can be. */
    HCOND_ERROR_SIZE = -3,
    /* The state was not begun, or has ended. A state of zeros is such a state. */
    HCOND_ERROR_STATE = -4,
    /* A number, a flag or a combination that has no meaning. */
    HCOND_ERROR_ARGUMENT = -5,
    /* Not an entity tag: perhaps the quotes are missing. */
    HCOND_ERROR_TAG = -6,
    /* Not a date, or not between the years 0 and 9999. */
    HCOND_ERROR_DATE = -7,
    /* The text is longer than an int can say. */
    HCOND_ERROR_TOO_LONG = -8,
    /* The library was built without dates, and this is about one. */
    HCOND_ERROR_UNSUPPORTED = -9
};

/*
 * THE STATE OF AN EVALUATION
 *
 * Put it on the stack, in a struct of yours, or in static memory. Do not read or write what is in it. It may be copied,
 * and the copy is independent. A state that is passed to another function before hcond_begin() must be all zeros:
 * HCOND_STATE_INIT.
 */
#if UINTPTR_MAX > 0xffffffffu
#define HCOND_STATE_SIZE 128
#else
#define HCOND_STATE_SIZE 96
#endif

typedef struct hcond_state {
    uint64_t opaque[HCOND_STATE_SIZE / 8];
} hcond_state;

#define HCOND_STATE_INIT {{0}}

/* Bytes and how many there are. */
typedef struct hcond_bytes {
    const char *data;
    size_t length;
} hcond_bytes;

/* The text up to a NUL, as hcond_bytes. */
static inline hcond_bytes hcond_string(const char *text)
{
    hcond_bytes bytes;
    bytes.data = text;
    bytes.length = 0;
    while (text && text[bytes.length]) {
        bytes.length++;
    }
    return bytes;
}

/* Room for one entity tag of another representation. Do not read or write what is in it. */
typedef struct hcond_tag_room {
    uintptr_t opaque[3];
} hcond_tag_room;

/*
 * THE RESOURCE
 *
 * What is true of the selected representation at the moment of evaluation, and what the server chooses. All zeros, as
 * HCOND_RESOURCE_INIT makes it, says that nothing exists: a GET would find nothing, and a PUT would create it.
 */
typedef struct hcond_resource {
    /* HCOND_EXISTS and the like. */
    uint32_t flags;
    /* Departures from the RFC: HCOND_WEAK_IF_MATCH and the like. 0 for none. */
    uint32_t policy;
    /*
     * The status of the answer that the same request would get without its conditions and its Range. Set it if you
     * know that it is not a success, such as 403: conditions do not count then. 0 stands for 404 to a GET, HEAD or QUERY
     * of something that does not exist, and for 200 otherwise.
     */
    uint32_t status;
    /* 0. */
    uint32_t reserved;
    /* The modification date, in seconds since 1970. Only with HCOND_HAS_LAST_MODIFIED. */
    int64_t last_modified;
    /*
     * The clock, in seconds since 1970; only for dates with a year of two digits. Only with HCOND_HAS_NOW. Without it,
     * the modification date tells the century of such a date. Without either, such a date is malformed.
     */
    int64_t now;
    /*
     * The value of ETag as the 200 has it, with its quotes; `data` is NULL if it has none. A resource with an entity tag
     * exists, whatever `flags` says. The pointer is kept, see above.
     */
    hcond_bytes etag;
    /*
     * The values of ETag of the other representations of the same resource: in other content codings, say. A write may
     * name any of them in If-Match. NULL and 0 for none. The pointers are kept, see above.
     */
    const hcond_bytes *also;
    size_t also_count;
    /* Room for `also_count` tags; NULL if that is 0. */
    hcond_tag_room *also_room;
} hcond_resource;

#define HCOND_RESOURCE_INIT {0, 0, 0, 0, 0, 0, {NULL, 0}, NULL, 0, NULL}

/* Flags of a resource. */
enum {
    /* There is a current representation. Not needed with an entity tag or a modification date. */
    HCOND_EXISTS = 1,
    /* `last_modified` is its modification date. */
    HCOND_HAS_LAST_MODIFIED = 2,
    /* That is a strong validator: nothing can have changed twice within its second (RFC 9110 section 8.8.2.2). */
    HCOND_STRONG_LAST_MODIFIED = 4,
    /* `now` is the time. */
    HCOND_HAS_NOW = 8
};

/* Departures from the RFC, each with its risk. */
enum {
    /* If-Modified-Since is false only at exactly the modification date: for content that may be rolled back. No risk. */
    HCOND_EXACT_IF_MODIFIED_SINCE = 1,
    /* If-Match compares weakly (OData, FHIR, SCIM). A weak tag may stay while the bytes change: an update is lost. */
    HCOND_WEAK_IF_MATCH = 2,
    /* Tags may lack their quotes (S3 clients). A client that mangles its tags may get a 304 instead of the content. */
    HCOND_LENIENT_ENTITY_TAGS = 4,
    /* Dates may be in upper or lower case. */
    HCOND_CASE_INSENSITIVE_DATES = 8,
    /* Reads dates of old clients: a weekday that does not fit, UTC for GMT. A date that is wrong may be believed. */
    HCOND_LENIENT_DATES = 16,
    /* If-Range may name a date that is weak. A download may be put together from two versions of one second. */
    HCOND_IF_RANGE_BY_DATE = 32
};

/*
 * NAME
 *     hcond_begin - begin an evaluation
 *
 * DESCRIPTION
 *     Begins the evaluation of a request with this method in *state, against *resource. `state_size` is sizeof *state,
 *     and `resource_size` is sizeof *resource. The method is case-sensitive, as it is in the request line.
 *
 *     For a write, call this with the lock held under which the write will happen, and hold it until that is done.
 *
 * RETURN VALUE
 *     HCOND_OK; HCOND_ERROR_NULL, _ALIGNMENT, _SIZE; HCOND_ERROR_TAG if an entity tag of the resource is malformed;
 *     HCOND_ERROR_DATE if a date is out of range; HCOND_ERROR_ARGUMENT for flags that are not known, a strong
 *     modification date without a modification date, and a status that is neither 0 nor of three digits;
 *     HCOND_ERROR_UNSUPPORTED. After an error the state is not begun, so that every other function returns
 *     HCOND_ERROR_STATE; but if `state` is NULL or not aligned, or `state_size` is too small, nothing is written.
 */
int hcond_begin(hcond_state *state, size_t state_size, const char *method, size_t method_length,
                const hcond_resource *resource, size_t resource_size);

/*
 * NAME
 *     hcond_field - take a field line into account
 *
 * DESCRIPTION
 *     Takes one line of the header section: its name in any case, and its value without the line end. The value may have
 *     white space around it, the name must not. Give it every line, in any order; those that are not conditional are
 *     ignored. Leave out the trailer section.
 *
 * RETURN VALUE
 *     HCOND_OK, even if the field is malformed, see hcond_malformed(); HCOND_ERROR_NULL, _ALIGNMENT, _SIZE, _STATE.
 */
int hcond_field(hcond_state *state, const char *name, size_t name_length, const char *value, size_t value_length);

/* What hcond_decide() and hcond_admit() say. */
enum {
    HCOND_PERFORM = 0,
    HCOND_PERFORM_IGNORING_RANGE = 1,
    HCOND_NOT_MODIFIED = 304,
    HCOND_PRECONDITION_FAILED = 412,
    HCOND_PRECONDITION_REQUIRED = 428
};

/*
 * NAME
 *     hcond_decide - what to do with the request
 *
 * DESCRIPTION
 *     Call it when all field lines have been given, after every other check and right before the method is performed.
 *
 * RETURN VALUE
 *     HCOND_PERFORM: perform the method, or give the answer that the request gets without its conditions, such as 404.
 *     A Range applies, see hcond_range(). HCOND_PERFORM_IGNORING_RANGE: the same, as if there were no Range.
 *     HCOND_NOT_MODIFIED: answer 304. HCOND_PRECONDITION_FAILED: answer 412, and change nothing. HCOND_ERROR_NULL,
 *     _ALIGNMENT, _STATE.
 */
int hcond_decide(const hcond_state *state);

/* How a request guards against lost updates; the weaker ones come first. */
enum {
    /* Not at all. */
    HCOND_GUARD_NONE = 0,
    /* By an If-Unmodified-Since: of two writes within its second the later one is not noticed. */
    HCOND_GUARD_DATE = 1,
    /* By If-Match, or by If-None-Match: *. */
    HCOND_GUARD_STRONG = 2
};

/*
 * NAME
 *     hcond_admit - whether a write may be performed
 *
 * DESCRIPTION
 *     Call it before a write, instead of hcond_decide(). It can also insist on a guard against lost updates: a write to
 *     something that exists then needs a guard at least as strong as `least_guard` (RFC 6585 section 3). With
 *     HCOND_GUARD_NONE it needs none. A GET, HEAD or QUERY is always let through; hcond_decide() is for those.
 *
 * RETURN VALUE
 *     HCOND_PERFORM; HCOND_PRECONDITION_FAILED: answer 412, and change nothing; HCOND_PRECONDITION_REQUIRED: answer 428,
 *     and change nothing. HCOND_ERROR_NULL, _ALIGNMENT, _STATE, and _ARGUMENT if there is no such guard.
 */
int hcond_admit(const hcond_state *state, int least_guard);

/*
 * NAME
 *     hcond_guards_write - how the request guards against lost updates
 *
 * RETURN VALUE
 *     HCOND_GUARD_NONE, _DATE or _STRONG; HCOND_ERROR_NULL, _ALIGNMENT, _STATE.
 */
int hcond_guards_write(const hcond_state *state);

/* The fields that take part: bits, since hcond_present() and hcond_malformed() may return several at once. */
enum {
    HCOND_IF_MATCH = 1,
    HCOND_IF_NONE_MATCH = 2,
    HCOND_IF_MODIFIED_SINCE = 4,
    HCOND_IF_UNMODIFIED_SINCE = 8,
    HCOND_IF_RANGE = 16,
    HCOND_RANGE = 32
};

/*
 * NAME
 *     hcond_present, hcond_malformed - which fields were there, and which of them were malformed
 *
 * DESCRIPTION
 *     A malformed field is evaluated nevertheless, to the safe result; a server may answer 400 instead. The value of
 *     Range is not read here: Range counts as malformed if it has more than one line.
 *
 * RETURN VALUE
 *     HCOND_IF_MATCH and the like, as bits; HCOND_ERROR_NULL, _ALIGNMENT, _STATE.
 */
int hcond_present(const hcond_state *state);
int hcond_malformed(const hcond_state *state);

/*
 * NAME
 *     hcond_deciding_field - which field made the decision
 *
 * RETURN VALUE
 *     One of HCOND_IF_MATCH and the like; 0 if no condition prevented it. HCOND_ERROR_NULL, _ALIGNMENT, _STATE.
 */
int hcond_deciding_field(const hcond_state *state);

/*
 * NAME
 *     hcond_already_applied - whether a 412 may be a success after all
 *
 * DESCRIPTION
 *     A client may repeat a write because the answer to it got lost. A server that knows that the change has been made
 *     may answer with a success instead of the 412 (RFC 9110 sections 13.1.1 and 13.1.4). It does not perform the write
 *     again.
 *
 * RETURN VALUE
 *     1 if the decision is HCOND_PRECONDITION_FAILED and that is allowed, 0 otherwise. HCOND_ERROR_NULL, _ALIGNMENT,
 *     _STATE.
 */
int hcond_already_applied(const hcond_state *state);

/*
 * NAME
 *     hcond_explain - why the decision is what it is, in words
 *
 * DESCRIPTION
 *     Writes the decision and its reason on the first line, and then a line for each step of RFC 9110 section 13.2.2,
 *     without a line end after the last. All of it is printable ASCII. Some 500 bytes are enough for usual tags.
 *
 * RETURN VALUE
 *     The length, as from snprintf(3); HCOND_ERROR_NULL, _ALIGNMENT, _SIZE, _STATE, _TOO_LONG.
 */
int hcond_explain(const hcond_state *state, char *buffer, size_t size);

/*
 * NAME
 *     hcond_end - end an evaluation
 *
 * DESCRIPTION
 *     After this the state keeps no pointer, and every other function but hcond_begin() returns HCOND_ERROR_STATE for
 *     it. There is nothing to release: it need not be called. NULL, and a state that was not begun, are ignored.
 */
void hcond_end(hcond_state *state);

/* A range of bytes, both positions included. */
typedef struct hcond_byte_range {
    uint64_t first;
    uint64_t last;
} hcond_byte_range;

/*
 * What a Range may ask for. HCOND_RANGE_POLICY_INIT is the default: 16 ranges, of which one may begin before the end of
 * the one before it, and any number of bytes.
 */
typedef struct hcond_range_policy {
    /* HCOND_MALFORMED_IS_416 and the like. 0 for none. */
    uint32_t flags;
    /* How many ranges a set may have. 0: ranges are not supported. */
    uint32_t max_ranges;
    /* How many of them may begin at or before the end of the one before. */
    uint32_t max_reversals;
    /* 0. */
    uint32_t reserved;
    /* How many bytes they may have in all. UINT64_MAX: any number. */
    uint64_t max_bytes;
} hcond_range_policy;

#define HCOND_RANGE_POLICY_INIT {0, 16, 1, 0, UINT64_MAX}

/* Flags of a range policy: what to do if the whole would be sent otherwise. */
enum {
    /* 416 to a malformed set. */
    HCOND_MALFORMED_IS_416 = 1,
    /* 416 to more ranges than `max_ranges`. */
    HCOND_EXCESS_IS_416 = 2,
    /* 200 rather than 416 if there is no content. */
    HCOND_EMPTY_IS_200 = 4,
    /* The first satisfiable range, and none of the others. */
    HCOND_FIRST_ONLY = 8,
    /* White space may be around the hyphen. */
    HCOND_SPACES_AROUND_HYPHEN = 16
};

/* Why the whole is sent: for a log. */
enum {
    HCOND_WHOLE_NO_RANGE = 1,
    /* The decision is not HCOND_PERFORM: If-Range is false, say. */
    HCOND_WHOLE_DECISION = 2,
    HCOND_WHOLE_UNIT = 3,
    HCOND_WHOLE_MALFORMED = 4,
    HCOND_WHOLE_EMPTY = 5,
    HCOND_WHOLE_TOO_MANY = 6,
    HCOND_WHOLE_REVERSALS = 7,
    HCOND_WHOLE_TOO_LONG = 8,
    /* There are more parts than `capacity`. */
    HCOND_WHOLE_NO_ROOM = 9
};

/*
 * NAME
 *     hcond_range - which part of the content to send
 *
 * DESCRIPTION
 *     Applies `value`, that of the request's Range, to content of `complete_length` bytes, content coding applied. Call it
 *     last, if hcond_decide() says to perform a GET or QUERY and the answer is a 200. hcond_field() must have been given
 *     the Range too: otherwise it is ignored, since If-Range was not evaluated without it. `value` is NULL if there is
 *     none.
 *
 *     `policy` is NULL for the default, and `policy_size` is sizeof *policy. `parts` has room for `capacity` ranges. If
 *     there are more, the whole is sent: a server that never sends several parts passes a capacity of 1.
 *
 *     *count becomes the number of parts. *why becomes one of HCOND_WHOLE_NO_RANGE and the like with a 200, and 0
 *     otherwise; `why` may be NULL.
 *
 * RETURN VALUE
 *     200: send the whole. 206: send the parts; one with a Content-Range of its own (hcond_content_range()), several as
 *     multipart/byteranges. 416: send none, with hcond_content_range_unsatisfied(). HCOND_ERROR_NULL, _ALIGNMENT,
 *     _SIZE, _STATE, _ARGUMENT.
 */
int hcond_range(const hcond_state *state, const char *value, size_t value_length, uint64_t complete_length,
                const hcond_range_policy *policy, size_t policy_size, hcond_byte_range *parts, size_t capacity,
                size_t *count, int *why);

/* Says that a length is not known. */
#define HCOND_UNKNOWN_LENGTH UINT64_MAX

/* A buffer of this size is enough for every Content-Range. */
#define HCOND_CONTENT_RANGE_SIZE 69

/*
 * NAME
 *     hcond_content_range, hcond_content_range_unsatisfied - the value of Content-Range
 *
 * DESCRIPTION
 *     Write the value for a part, such as "bytes 0-4/10", and the value for a 416, such as "bytes * /10" without the
 *     space. `complete_length` is HCOND_UNKNOWN_LENGTH if it is not known.
 *
 * RETURN VALUE
 *     The length, as from snprintf(3); HCOND_ERROR_NULL, _SIZE, and _ARGUMENT if the range is not within the length.
 */
int hcond_content_range(uint64_t first, uint64_t last, uint64_t complete_length, char *buffer, size_t size);
int hcond_content_range_unsatisfied(uint64_t complete_length, char *buffer, size_t size);

/* A buffer of this size is enough for a date. */
#define HCOND_DATE_SIZE 30

/*
 * NAME
 *     hcond_date_parse - read a date
 *
 * DESCRIPTION
 *     Reads an HTTP-date in any of its three formats to *seconds, counted from 1970. `now` points to the time, by which
 *     a year of two digits is read; it may be NULL, and then such a date is invalid.
 *
 * RETURN VALUE
 *     HCOND_OK; HCOND_ERROR_DATE if it is not a date, or if *now is not between the years 0 and 9999;
 *     HCOND_ERROR_NULL, _ALIGNMENT, _SIZE, _UNSUPPORTED.
 */
int hcond_date_parse(const char *value, size_t length, const int64_t *now, int64_t *seconds);

/*
 * NAME
 *     hcond_date_write - write a date
 *
 * DESCRIPTION
 *     Writes it as "Sun, 06 Nov 1994 08:49:37 GMT", which is 29 bytes long.
 *
 * RETURN VALUE
 *     29; HCOND_ERROR_DATE if it is not between the years 0 and 9999; HCOND_ERROR_NULL, _SIZE, _UNSUPPORTED.
 */
int hcond_date_write(int64_t seconds, char *buffer, size_t size);

/* An entity tag that was read. */
typedef struct hcond_tag {
    /* Between its quotes: a place in the value that was read. */
    const char *opaque;
    size_t length;
    /* 1 with W/ in front, 0 without. */
    int weak;
} hcond_tag;

/*
 * NAME
 *     hcond_tag_parse - read one entity tag
 *
 * DESCRIPTION
 *     Reads the value of an ETag to *tag. Lists, as in If-Match, are read by hcond_field().
 *
 * RETURN VALUE
 *     HCOND_OK; HCOND_ERROR_TAG if it is not an entity tag; HCOND_ERROR_NULL, _ALIGNMENT, _SIZE.
 */
int hcond_tag_parse(const char *value, size_t length, hcond_tag *tag);

/*
 * NAME
 *     hcond_tag_write - write an entity tag
 *
 * DESCRIPTION
 *     Writes the value of an ETag: `opaque` between quotes, with W/ in front if `weak` is not 0.
 *
 * RETURN VALUE
 *     The length, as from snprintf(3); HCOND_ERROR_TAG if a byte cannot be in a tag: a quote, a space or a control
 *     character; HCOND_ERROR_NULL, _SIZE, _TOO_LONG.
 */
int hcond_tag_write(const char *opaque, size_t length, int weak, char *buffer, size_t size);

/*
 * NAME
 *     hcond_tag_from_digest - make a strong entity tag of a digest
 *
 * DESCRIPTION
 *     Writes the digest in hexadecimal between quotes. It has to be the digest of the content as it is sent, so that
 *     the tag of gzipped content differs from that of plain content.
 *
 * RETURN VALUE
 *     The length, which is twice that of the digest and 2, as from snprintf(3); HCOND_ERROR_ARGUMENT if the digest is
 *     empty, since every content would have its tag; HCOND_ERROR_NULL, _SIZE, _TOO_LONG.
 */
int hcond_tag_from_digest(const unsigned char *digest, size_t length, char *buffer, size_t size);

/* A buffer of this size is enough for a tag made of a file's size and time. */
#define HCOND_FILE_TAG_SIZE 47

/*
 * NAME
 *     hcond_tag_from_file - make an entity tag of a file's size and modification time
 *
 * DESCRIPTION
 *     Writes a weak tag, or with `strong` not 0 a strong one: only if no two versions of the file can share its size
 *     and its time down to the nanosecond.
 *
 * RETURN VALUE
 *     The length, as from snprintf(3); HCOND_ERROR_DATE if the time is 0 or 1, which container images and package
 *     stores set, whatever the content; HCOND_ERROR_ARGUMENT for more than 999999999 nanoseconds; HCOND_ERROR_NULL, _SIZE.
 */
int hcond_tag_from_file(uint64_t file_size, int64_t seconds, uint32_t nanoseconds, int strong, char *buffer,
                        size_t size);

/*
 * NAME
 *     hcond_tag_matches - compare two entity tags
 *
 * DESCRIPTION
 *     Compares two values of ETag: strongly if `strongly` is not 0, so that a weak one matches nothing; else weakly.
 *
 * RETURN VALUE
 *     1 or 0; HCOND_ERROR_TAG if one of them is not an entity tag; HCOND_ERROR_NULL, _SIZE.
 */
int hcond_tag_matches(const char *one, size_t one_length, const char *other, size_t other_length, int strongly);

/* What becomes of a field of the 200. */
enum {
    /* It does not belong in the response. */
    HCOND_OMITTED = 0,
    /* It would describe the new response, and not the 200: write one of your own, if you have one. */
    HCOND_OWN = 1,
    /* The response may have it. */
    HCOND_ALLOWED = 2,
    /* The response has to have it, with the same value. */
    HCOND_REQUIRED = 3
};

/* What else there is to know about a response and its request. */
enum {
    /* The 200 has an ETag: a 304 leaves Last-Modified out then. */
    HCOND_WITH_ETAG = 1,
    /* The request has an If-Range: the client has the metadata already. */
    HCOND_WITH_IF_RANGE = 2,
    /* A 206 with several parts. */
    HCOND_SEVERAL_PARTS = 4
};

/*
 * NAME
 *     hcond_carries, hcond_keeps - which fields of the 200 another response carries
 *
 * DESCRIPTION
 *     hcond_carries() says what becomes of the field of this name, in any case, in a response with this status: 304, 206,
 *     412 or 416. hcond_keeps() says whether to take it over from the 200. Write the response's own fields, such as
 *     Content-Range, after that.
 *
 * RETURN VALUE
 *     HCOND_OMITTED, _OWN, _ALLOWED or _REQUIRED; 1 or 0. HCOND_ERROR_ARGUMENT for another status and for flags that are
 *     not known; HCOND_ERROR_NULL, _SIZE.
 */
int hcond_carries(int status, uint32_t flags, const char *name, size_t length);
int hcond_keeps(int status, uint32_t flags, const char *name, size_t length);

/*
 * NAME
 *     hcond_version, hcond_state_size, hcond_state_alignment, hcond_resource_size, hcond_range_policy_size
 *     - what the library was built as
 *
 * DESCRIPTION
 *     For languages that do not read this header, and for those who want to be sure that it fits the library.
 *     hcond_state_size() and hcond_state_alignment() say what the library needs, which is no more than the header has;
 *     the other two are the sizes of the structs.
 */
uint32_t hcond_version(void);
size_t hcond_state_size(void);
size_t hcond_state_alignment(void);
size_t hcond_resource_size(void);
size_t hcond_range_policy_size(void);

#ifdef __cplusplus
}
#endif

#endif
