/*
 * What the interface answers to null pointers, lengths of zero, wrong sizes, states that were not begun and numbers that
 * mean nothing; and the functions that no vector reaches. C99 and C++17.
 */
#include <http_conditional.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What src/header.rs asserts of the library, of the header. */
#define SAME(name, fact) typedef char name[(fact) ? 1 : -1]
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-local-typedefs"
#endif
SAME(state_size, sizeof(hcond_state) == HCOND_STATE_SIZE);
SAME(of_last_modified, offsetof(hcond_resource, last_modified) == 16);
SAME(of_now, offsetof(hcond_resource, now) == 24);
SAME(of_etag, offsetof(hcond_resource, etag) == 32);
SAME(of_also, offsetof(hcond_resource, also) == 32 + 2 * sizeof(void *));
SAME(of_also_count, offsetof(hcond_resource, also_count) == 32 + 3 * sizeof(void *));
SAME(of_also_room, offsetof(hcond_resource, also_room) == 32 + 4 * sizeof(void *));
SAME(of_max_bytes, offsetof(hcond_range_policy, max_bytes) == 16);
SAME(of_length, offsetof(hcond_tag, length) == sizeof(void *));
SAME(of_weak, offsetof(hcond_tag, weak) == 2 * sizeof(void *));

static int checks, failures;

static void check_number(int line, const char *what, long long seen, long long expected)
{
    checks++;
    if (seen != expected) {
        printf("line %d: %s is %lld, and not %lld\n", line, what, seen, expected);
        failures++;
    }
}

static void check_text(int line, const char *what, const char *seen, const char *expected)
{
    checks++;
    if (strcmp(seen, expected) != 0) {
        printf("line %d: %s is \"%s\", and not \"%s\"\n", line, what, seen, expected);
        failures++;
    }
}

#define IS(call, expected) check_number(__LINE__, #call, (long long)(call), (long long)(expected))
#define SAYS(text, expected) check_text(__LINE__, #text, text, expected)

static hcond_state state;
static hcond_resource current;

static void begin(const char *method)
{
    IS(hcond_begin(&state, sizeof state, method, strlen(method), &current, sizeof current), HCOND_OK);
}

static int field(const char *name, const char *value)
{
    return hcond_field(&state, name, strlen(name), value, strlen(value));
}

static void sizes(void)
{
    IS(hcond_version(), HCOND_VERSION);
    IS(hcond_state_size() <= sizeof(hcond_state), 1);
    /* Not much is wasted either. */
    IS(hcond_state_size() + 32 >= sizeof(hcond_state), 1);
    IS(hcond_state_alignment() <= sizeof(uint64_t), 1);
    IS(hcond_resource_size(), sizeof(hcond_resource));
    IS(hcond_range_policy_size(), sizeof(hcond_range_policy));
}

/* A state that was never begun, or has ended, or could not be begun, answers nothing. */
static void answers_nothing(void)
{
    hcond_byte_range part = {7, 7};
    size_t count = 7;
    int why = 7;
    char text[8] = "before";
    IS(field("If-Match", "*"), HCOND_ERROR_STATE);
    IS(hcond_decide(&state), HCOND_ERROR_STATE);
    IS(hcond_admit(&state, HCOND_GUARD_NONE), HCOND_ERROR_STATE);
    IS(hcond_guards_write(&state), HCOND_ERROR_STATE);
    IS(hcond_present(&state), HCOND_ERROR_STATE);
    IS(hcond_malformed(&state), HCOND_ERROR_STATE);
    IS(hcond_deciding_field(&state), HCOND_ERROR_STATE);
    IS(hcond_already_applied(&state), HCOND_ERROR_STATE);
    IS(hcond_explain(&state, text, sizeof text), HCOND_ERROR_STATE);
    IS(hcond_range(&state, "bytes=0-", 8, 9, NULL, 0, &part, 1, &count, &why), HCOND_ERROR_STATE);
    SAYS(text, "before");
    IS(part.first == 7 && part.last == 7 && count == 7 && why == 7, 1);
    hcond_end(&state);
}

static void states(void)
{
    hcond_state zeros = HCOND_STATE_INIT, copy;
    char *bytes = (char *)malloc(sizeof(hcond_state) + 8);
    hcond_state *misaligned = (hcond_state *)(void *)(bytes + 1);
    state = zeros;
    answers_nothing();

    IS(hcond_begin(NULL, sizeof state, "GET", 3, &current, sizeof current), HCOND_ERROR_NULL);
    IS(hcond_begin(misaligned, sizeof state, "GET", 3, &current, sizeof current), HCOND_ERROR_ALIGNMENT);
    IS(hcond_field(NULL, "a", 1, "b", 1), HCOND_ERROR_NULL);
    IS(hcond_decide(NULL), HCOND_ERROR_NULL);
    IS(hcond_decide(misaligned), HCOND_ERROR_ALIGNMENT);
    IS(hcond_admit(NULL, 0), HCOND_ERROR_NULL);
    IS(hcond_guards_write(NULL), HCOND_ERROR_NULL);
    IS(hcond_present(NULL), HCOND_ERROR_NULL);
    IS(hcond_malformed(NULL), HCOND_ERROR_NULL);
    IS(hcond_deciding_field(NULL), HCOND_ERROR_NULL);
    IS(hcond_already_applied(NULL), HCOND_ERROR_NULL);
    IS(hcond_explain(NULL, NULL, 0), HCOND_ERROR_NULL);
    hcond_end(NULL);
    hcond_end(misaligned);
    free(bytes);

    /* Whatever was begun before is over where the next cannot be begun. */
    current.flags = HCOND_EXISTS;
    begin("GET");
    IS(hcond_begin(&state, 8, "GET", 3, &current, sizeof current), HCOND_ERROR_SIZE);
    IS(hcond_decide(&state), HCOND_PERFORM);
    IS(hcond_begin(&state, sizeof state, NULL, 3, &current, sizeof current), HCOND_ERROR_NULL);
    answers_nothing();
    IS(hcond_begin(&state, sizeof state, "GET", (size_t)-1, &current, sizeof current), HCOND_ERROR_SIZE);
    IS(hcond_begin(&state, sizeof state, "GET", 3, NULL, sizeof current), HCOND_ERROR_NULL);
    IS(hcond_begin(&state, sizeof state, "GET", 3, &current, sizeof current - 1), HCOND_ERROR_SIZE);
    IS(hcond_begin(&state, sizeof state, "GET", 3, &current, 0), HCOND_ERROR_SIZE);
    answers_nothing();
    /* More room than is needed is room. */
    IS(hcond_begin(&state, sizeof state + 1, "GET", 3, &current, sizeof current), HCOND_OK);

    /* A copy goes on by itself. */
    current.etag = hcond_string("\"v1\"");
    begin("PUT");
    copy = state;
    IS(field("If-Match", "\"v0\""), HCOND_OK);
    IS(hcond_decide(&state), HCOND_PRECONDITION_FAILED);
    IS(hcond_decide(&copy), HCOND_PERFORM);
    hcond_end(&state);
    answers_nothing();
    IS(hcond_decide(&copy), HCOND_PERFORM);

    /* No method at all is some other method. */
    IS(hcond_begin(&state, sizeof state, NULL, 0, &current, sizeof current), HCOND_OK);
    IS(field("If-None-Match", "*"), HCOND_OK);
    IS(hcond_decide(&state), HCOND_PRECONDITION_FAILED);
}

static int of(const hcond_resource *resource)
{
    return hcond_begin(&state, sizeof state, "GET", 3, resource, sizeof *resource);
}

static void resources(void)
{
    const hcond_resource nothing = HCOND_RESOURCE_INIT;
    hcond_resource one = nothing;
    hcond_bytes tags[2];
    hcond_tag_room room[2];

    IS(of(&nothing), HCOND_OK);
    one.flags = 16;
    IS(of(&one), HCOND_ERROR_ARGUMENT);
    one.flags = HCOND_STRONG_LAST_MODIFIED;
    IS(of(&one), HCOND_ERROR_ARGUMENT);
    one.flags = HCOND_HAS_LAST_MODIFIED;
    one.last_modified = INT64_MAX;
    IS(of(&one), HCOND_ERROR_DATE);
    one.flags = HCOND_HAS_NOW;
    one.now = INT64_MIN;
    IS(of(&one), HCOND_ERROR_DATE);
    one = nothing;
    one.policy = 64;
    IS(of(&one), HCOND_ERROR_ARGUMENT);
    one.policy = 63;
    IS(of(&one), HCOND_OK);
    one.reserved = 1;
    IS(of(&one), HCOND_ERROR_ARGUMENT);
    one = nothing;
    one.status = 99;
    IS(of(&one), HCOND_ERROR_ARGUMENT);
    one.status = 1000;
    IS(of(&one), HCOND_ERROR_ARGUMENT);
    one.status = 65536 + 200;
    IS(of(&one), HCOND_ERROR_ARGUMENT);
    one.status = 403;
    IS(of(&one), HCOND_OK);
    one = nothing;
    one.etag = hcond_string("v1");
    IS(of(&one), HCOND_ERROR_TAG);
    one.etag = hcond_string("");
    IS(of(&one), HCOND_ERROR_TAG);
    one.etag.data = NULL;
    one.etag.length = 4;
    IS(of(&one), HCOND_ERROR_NULL);
    one.etag = hcond_string(NULL);
    IS(of(&one), HCOND_OK);

    one.also_count = 2;
    IS(of(&one), HCOND_ERROR_NULL);
    tags[0] = hcond_string("\"a\"");
    tags[1] = hcond_string("b");
    one.also = tags;
    IS(of(&one), HCOND_ERROR_NULL);
    one.also_room = room;
    IS(of(&one), HCOND_ERROR_TAG);
    tags[1] = hcond_string("W/\"b\"");
    one.also_count = (size_t)-1;
    IS(of(&one), HCOND_ERROR_SIZE);
    one.also_count = 2;
    IS(hcond_begin(&state, sizeof state, "PUT", 3, &one, sizeof one), HCOND_OK);
    /* The values have to stay, and the array of them need not. */
    memset(tags, 0xa5, sizeof tags);
    IS(field("If-None-Match", "\"b\""), HCOND_OK);
    IS(hcond_decide(&state), HCOND_PRECONDITION_FAILED);
    IS(hcond_admit(&state, HCOND_GUARD_NONE), HCOND_PRECONDITION_FAILED);
}

static void fields_of_a_request(void)
{
    current.flags = HCOND_EXISTS;
    current.etag = hcond_string("\"v1\"");
    begin("GET");
    IS(hcond_field(&state, NULL, 0, NULL, 0), HCOND_OK);
    IS(hcond_field(&state, NULL, 1, "x", 1), HCOND_ERROR_NULL);
    IS(hcond_field(&state, "x", 1, NULL, 1), HCOND_ERROR_NULL);
    IS(hcond_field(&state, "x", (size_t)-1, "x", 1), HCOND_ERROR_SIZE);
    IS(hcond_field(&state, "x", 1, "x", (size_t)-1), HCOND_ERROR_SIZE);
    IS(hcond_present(&state), 0);
    /* An empty value is a value: the field is there, and lists nothing. */
    IS(hcond_field(&state, "If-Match", 8, NULL, 0), HCOND_OK);
    IS(hcond_present(&state), HCOND_IF_MATCH);
    IS(hcond_malformed(&state), 0);
    IS(hcond_decide(&state), HCOND_PRECONDITION_FAILED);
    IS(hcond_deciding_field(&state), HCOND_IF_MATCH);
    IS(hcond_already_applied(&state), 0);
}

static int admitted(const char *method, const char *name, const char *value, int guard)
{
    begin(method);
    if (name) {
        IS(field(name, value), HCOND_OK);
    }
    return hcond_admit(&state, guard);
}

static void writes(void)
{
    hcond_resource nothing = HCOND_RESOURCE_INIT;
    const char *date = "Sun, 06 Nov 1994 08:49:37 GMT";
    current.flags = HCOND_EXISTS | HCOND_HAS_LAST_MODIFIED;
    current.last_modified = 784111777;
    current.etag = hcond_string("\"v1\"");
    IS(admitted("PUT", NULL, NULL, HCOND_GUARD_NONE), HCOND_PERFORM);
    IS(admitted("PUT", NULL, NULL, HCOND_GUARD_DATE), HCOND_PRECONDITION_REQUIRED);
    IS(admitted("PUT", "If-Unmodified-Since", date, HCOND_GUARD_DATE), HCOND_PERFORM);
    IS(admitted("PUT", "If-Unmodified-Since", date, HCOND_GUARD_STRONG), HCOND_PRECONDITION_REQUIRED);
    IS(admitted("PUT", "If-Match", "\"v1\"", HCOND_GUARD_STRONG), HCOND_PERFORM);
    IS(hcond_guards_write(&state), HCOND_GUARD_STRONG);
    IS(admitted("PUT", "If-Match", "\"v0\"", HCOND_GUARD_STRONG), HCOND_PRECONDITION_FAILED);
    IS(hcond_already_applied(&state), 1);
    IS(admitted("DELETE", NULL, NULL, HCOND_GUARD_STRONG), HCOND_PRECONDITION_REQUIRED);
    /* What asks is let through, and so is what is known to be safe. */
    IS(admitted("GET", "If-None-Match", "\"v1\"", HCOND_GUARD_STRONG), HCOND_PERFORM);
    IS(admitted("QUERY", "If-Match", "\"v0\"", HCOND_GUARD_STRONG), HCOND_PERFORM);
    IS(admitted("PROPFIND", NULL, NULL, HCOND_GUARD_STRONG), HCOND_PERFORM);
    IS(admitted("OPTIONS", "If-Match", "\"v0\"", HCOND_GUARD_STRONG), HCOND_PERFORM);
    IS(admitted("PUT", NULL, NULL, -1), HCOND_ERROR_ARGUMENT);
    IS(admitted("PUT", NULL, NULL, 3), HCOND_ERROR_ARGUMENT);
    /* What does not exist cannot be lost. */
    current = nothing;
    IS(admitted("PUT", NULL, NULL, HCOND_GUARD_STRONG), HCOND_PERFORM);
    IS(admitted("PUT", "If-Match", "*", HCOND_GUARD_STRONG), HCOND_PRECONDITION_FAILED);
}

static void explanations(void)
{
    char text[600], one[1] = {'x'};
    int length;
    hcond_resource tagged = HCOND_RESOURCE_INIT;
    tagged.etag = hcond_string("\"v2\"");
    current = tagged;
    begin("GET");
    IS(field("if-none-match", " \"v1\", \"v2\" "), HCOND_OK);
    length = hcond_explain(&state, text, sizeof text);
    IS(length, strlen(text));
    text[strcspn(text, "\n")] = 0;
    SAYS(text, "304 Not Modified: If-None-Match names the current tag (RFC 9110 section 13.2.2, step 3)");
    IS(hcond_explain(&state, NULL, 0), length);
    IS(hcond_explain(&state, NULL, 1), HCOND_ERROR_NULL);
    IS(hcond_explain(&state, text, (size_t)-1), HCOND_ERROR_SIZE);
    IS(hcond_explain(&state, one, 1), length);
    IS(one[0], 0);
    memset(text, 'x', sizeof text);
    IS(hcond_explain(&state, text, 17), length);
    SAYS(text, "304 Not Modified");
    IS(text[17], 'x');
    /* A buffer that is exactly long enough. */
    IS(hcond_explain(&state, text, (size_t)length + 1), length);
    IS(strlen(text), length);
}

static int range(const char *value, uint64_t complete_length, size_t capacity, int *why, hcond_byte_range *parts,
                 size_t *count)
{
    begin("GET");
    IS(field("Range", value), HCOND_OK);
    return hcond_range(&state, value, strlen(value), complete_length, NULL, 0, parts, capacity, count, why);
}

static void ranges(void)
{
    hcond_byte_range parts[4];
    hcond_range_policy policy = HCOND_RANGE_POLICY_INIT;
    size_t count = 9;
    int why = 9;
    char text[HCOND_CONTENT_RANGE_SIZE];
    current.flags = HCOND_EXISTS;

    IS(range("bytes=0-4,6-", 10, 4, &why, parts, &count), 206);
    IS(count == 2 && why == 0, 1);
    IS(parts[0].first == 0 && parts[0].last == 4 && parts[1].first == 6 && parts[1].last == 9, 1);
    IS(range("bytes=0-4,6-", 10, 1, &why, parts, &count), 200);
    IS(count == 0 && why == HCOND_WHOLE_NO_ROOM, 1);
    IS(range("bytes=-1", 10, 0, NULL, NULL, &count), 200);
    IS(range("bytes=-1", 10, 1, NULL, NULL, &count), HCOND_ERROR_NULL);
    IS(range("bytes=-1", 10, 1, NULL, parts, NULL), HCOND_ERROR_NULL);
    IS(range("bytes=10-", 10, 4, &why, parts, &count), 416);
    IS(count == 0 && why == 0, 1);
    IS(hcond_range(&state, NULL, 0, 10, NULL, 0, parts, 4, &count, &why), 200);
    IS(why, HCOND_WHOLE_NO_RANGE);
    IS(hcond_range(&state, NULL, 3, 10, NULL, 0, parts, 4, &count, &why), HCOND_ERROR_NULL);
    IS(hcond_range(&state, "", 0, 10, NULL, 0, parts, 4, &count, &why), 200);
    IS(why, HCOND_WHOLE_MALFORMED);
    IS(hcond_range(&state, "bytes=0-", 8, 10, &policy, sizeof policy - 1, parts, 4, &count, &why), HCOND_ERROR_SIZE);
    policy.flags = 32;
    IS(hcond_range(&state, "bytes=0-", 8, 10, &policy, sizeof policy, parts, 4, &count, &why), HCOND_ERROR_ARGUMENT);
    policy.flags = 0;
    policy.reserved = 1;
    IS(hcond_range(&state, "bytes=0-", 8, 10, &policy, sizeof policy, parts, 4, &count, &why), HCOND_ERROR_ARGUMENT);

    /* A Range that was not fed is none: nobody looked at its If-Range. */
    begin("GET");
    IS(field("If-Range", "\"another\""), HCOND_OK);
    IS(hcond_range(&state, "bytes=0-", 8, 10, NULL, 0, parts, 4, &count, &why), 200);
    IS(why, HCOND_WHOLE_NO_RANGE);
    IS(field("Range", "bytes=0-"), HCOND_OK);
    IS(hcond_range(&state, "bytes=0-", 8, 10, NULL, 0, parts, 4, &count, &why), 200);
    IS(why, HCOND_WHOLE_DECISION);
    begin("HEAD");
    IS(field("Range", "bytes=0-4"), HCOND_OK);
    IS(hcond_decide(&state), HCOND_PERFORM_IGNORING_RANGE);
    IS(hcond_range(&state, "bytes=0-4", 9, 10, NULL, 0, parts, 4, &count, &why), 200);

    IS(hcond_content_range(0, 4, 10, text, sizeof text), 12);
    SAYS(text, "bytes 0-4/10");
    IS(hcond_content_range(0, 4, HCOND_UNKNOWN_LENGTH, text, sizeof text), 11);
    SAYS(text, "bytes 0-4/*");
    IS(hcond_content_range(UINT64_MAX - 2, UINT64_MAX - 2, UINT64_MAX - 1, text, sizeof text), 68);
    IS(strlen(text), 68);
    IS(hcond_content_range(4, 3, 10, text, sizeof text), HCOND_ERROR_ARGUMENT);
    IS(hcond_content_range(0, 10, 10, text, sizeof text), HCOND_ERROR_ARGUMENT);
    IS(hcond_content_range(0, 1, 10, NULL, 3), HCOND_ERROR_NULL);
    IS(hcond_content_range_unsatisfied(10, text, sizeof text), 10);
    SAYS(text, "bytes */10");
    IS(hcond_content_range_unsatisfied(10, text, 3), 10);
    SAYS(text, "by");
}

static void dates(void)
{
    int64_t seconds = 7, now = 784111777;
    char text[HCOND_DATE_SIZE];
    IS(hcond_date_write(784111777, text, sizeof text), 29);
    SAYS(text, "Sun, 06 Nov 1994 08:49:37 GMT");
    IS(hcond_date_write(INT64_MAX, text, sizeof text), HCOND_ERROR_DATE);
    IS(hcond_date_write(0, NULL, 0), 29);
    IS(hcond_date_write(0, NULL, 1), HCOND_ERROR_NULL);
    IS(hcond_date_parse("yesterday", 9, NULL, &seconds), HCOND_ERROR_DATE);
    IS(hcond_date_parse(NULL, 0, NULL, &seconds), HCOND_ERROR_DATE);
    IS(hcond_date_parse(NULL, 1, NULL, &seconds), HCOND_ERROR_NULL);
    IS(seconds, 7);
    IS(hcond_date_parse(text, 29, NULL, NULL), HCOND_ERROR_NULL);
    IS(hcond_date_parse("Sun Nov  6 08:49:37 1994", 24, NULL, &seconds), HCOND_OK);
    IS(seconds, 784111777);
    seconds = 7;
    IS(hcond_date_parse("Sunday, 06-Nov-94 08:49:37 GMT", 30, NULL, &seconds), HCOND_ERROR_DATE);
    IS(hcond_date_parse("Sunday, 06-Nov-94 08:49:37 GMT", 30, &now, &seconds), HCOND_OK);
    IS(seconds, 784111777);
    now = INT64_MAX;
    IS(hcond_date_parse("Sunday, 06-Nov-94 08:49:37 GMT", 30, &now, &seconds), HCOND_ERROR_DATE);
}

static void tags(void)
{
    hcond_tag tag = {NULL, 7, 7};
    char text[HCOND_FILE_TAG_SIZE];
    const char *value = " W/\"a,b\"";
    const unsigned char digest[3] = {0xd4, 0x1d, 0x8c};
    IS(hcond_tag_parse("v1", 2, &tag), HCOND_ERROR_TAG);
    IS(hcond_tag_parse(NULL, 0, &tag), HCOND_ERROR_TAG);
    IS(hcond_tag_parse(NULL, 2, &tag), HCOND_ERROR_NULL);
    IS(hcond_tag_parse("\"v1\"", 4, NULL), HCOND_ERROR_NULL);
    IS(tag.weak == 7 && tag.length == 7, 1);
    IS(hcond_tag_parse(value, strlen(value), &tag), HCOND_OK);
    IS(tag.weak == 1 && tag.length == 3 && tag.opaque == value + 4, 1);
    IS(hcond_tag_write(tag.opaque, tag.length, tag.weak, text, sizeof text), 7);
    SAYS(text, "W/\"a,b\"");
    IS(hcond_tag_write(NULL, 0, 0, text, sizeof text), 2);
    SAYS(text, "\"\"");
    IS(hcond_tag_write("a\"b", 3, 0, text, sizeof text), HCOND_ERROR_TAG);
    IS(hcond_tag_write("a b", 3, 0, text, sizeof text), HCOND_ERROR_TAG);
    IS(hcond_tag_write(NULL, 1, 0, text, sizeof text), HCOND_ERROR_NULL);
    IS(hcond_tag_write("abc", 3, 0, text, 4), 5);
    SAYS(text, "\"ab");
    IS(hcond_tag_from_digest(digest, 3, text, sizeof text), 8);
    SAYS(text, "\"d41d8c\"");
    SAYS((memset(text, 'x', 1), text), "xd41d8c\"");
    IS(hcond_tag_from_digest(NULL, 0, text, sizeof text), HCOND_ERROR_ARGUMENT);
    IS(hcond_tag_from_digest(digest, 0, text, sizeof text), HCOND_ERROR_ARGUMENT);
    SAYS(text, "xd41d8c\"");
    IS(hcond_tag_from_digest(NULL, 3, text, sizeof text), HCOND_ERROR_NULL);
    IS(hcond_tag_from_file(4096, 784111777, 500000000, 0, text, sizeof text), 26);
    SAYS(text, "W/\"1000-2ebc98a1-1dcd6500\"");
    IS(hcond_tag_from_file(4096, 784111777, 500000000, 1, text, sizeof text), 24);
    SAYS(text, "\"1000-2ebc98a1-1dcd6500\"");
    IS(hcond_tag_from_file(UINT64_MAX, -1, 999999999, 0, text, sizeof text), HCOND_FILE_TAG_SIZE - 1);
    IS(hcond_tag_from_file(4096, 784111777, 1000000000, 0, text, sizeof text), HCOND_ERROR_ARGUMENT);
    IS(hcond_tag_from_file(4096, 0, 0, 0, text, sizeof text), HCOND_ERROR_DATE);
    IS(hcond_tag_from_file(4096, 1, 0, 0, text, sizeof text), HCOND_ERROR_DATE);
    IS(hcond_tag_matches("\"a\"", 3, "W/\"a\"", 5, 0), 1);
    IS(hcond_tag_matches("\"a\"", 3, "W/\"a\"", 5, 1), 0);
    IS(hcond_tag_matches("\"a\"", 3, "\"a\"", 3, 1), 1);
    IS(hcond_tag_matches("\"a\"", 3, "a", 1, 1), HCOND_ERROR_TAG);
    IS(hcond_tag_matches("\"a\"", 3, NULL, 1, 1), HCOND_ERROR_NULL);
}

static int carries(int status, uint32_t flags, const char *name)
{
    IS(hcond_keeps(status, flags, name, strlen(name)), hcond_carries(status, flags, name, strlen(name)) >= HCOND_ALLOWED);
    return hcond_carries(status, flags, name, strlen(name));
}

static void fields_of_a_response(void)
{
    IS(carries(304, HCOND_WITH_ETAG, "Last-Modified"), HCOND_OMITTED);
    IS(carries(304, 0, "Last-Modified"), HCOND_ALLOWED);
    IS(carries(304, 0, "vary"), HCOND_REQUIRED);
    IS(carries(206, 0, "Content-Type"), HCOND_REQUIRED);
    IS(carries(206, HCOND_WITH_IF_RANGE, "Content-Type"), HCOND_OMITTED);
    IS(carries(206, HCOND_SEVERAL_PARTS, "Content-Type"), HCOND_OWN);
    IS(carries(206, HCOND_SEVERAL_PARTS | HCOND_WITH_IF_RANGE, "Content-Range"), HCOND_OMITTED);
    IS(carries(206, 0, "Content-Range"), HCOND_OWN);
    IS(carries(412, 0, "Cache-Control"), HCOND_OWN);
    IS(carries(416, 0, "ETag"), HCOND_ALLOWED);
    IS(hcond_carries(304, 0, NULL, 0), HCOND_ALLOWED);
    IS(hcond_carries(304, 0, NULL, 1), HCOND_ERROR_NULL);
    IS(hcond_carries(200, 0, "ETag", 4), HCOND_ERROR_ARGUMENT);
    IS(hcond_carries(304, 8, "ETag", 4), HCOND_ERROR_ARGUMENT);
    IS(hcond_keeps(0, 0, "ETag", 4), HCOND_ERROR_ARGUMENT);
}

int main(void)
{
    const hcond_resource nothing = HCOND_RESOURCE_INIT;
    static void (*const all[])(void) = {sizes, states, resources, fields_of_a_request, writes, explanations, ranges,
                                        dates, tags, fields_of_a_response};
    size_t i;
    for (i = 0; i < sizeof all / sizeof *all; i++) {
        current = nothing;
        all[i]();
    }
    printf("%d checks, %d failures\n", checks, failures);
    return failures != 0 || checks < 200;
}
