/*
 * Runs the test vectors, as vectors.py writes them, from standard input. C99 and C++17.
 *
 * Each value is put at the very end of a page that no readable one follows, so that reading past it ends the program,
 * and is overwritten as soon as the library has returned, so that a pointer that is kept leads to a wrong answer.
 */
#define _DEFAULT_SOURCE
#include <http_conditional.h>

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { ROOM = 2 << 20, MOST_ALSO = 8, MOST_PARTS = 1024 };

/* Memory with a page behind it that cannot be read. */
typedef struct guarded {
    char *end;
} guarded;

static guarded reserve(void)
{
    guarded room;
    char *start = (char *)mmap(NULL, ROOM + 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mprotect(start, ROOM, PROT_READ | PROT_WRITE) != 0) {
        perror("mmap");
        exit(2);
    }
    room.end = start + ROOM;
    return room;
}

static int digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* The bytes that `word` has in hexadecimal, at the end of `room`. */
static hcond_bytes decode(guarded room, const char *word)
{
    hcond_bytes bytes;
    size_t length = *word == '.' ? 0 : strcspn(word, " \n") / 2, i;
    char *data = room.end - length;
    if (length > ROOM) {
        fprintf(stderr, "too long\n");
        exit(2);
    }
    for (i = 0; i < length; i++) {
        data[i] = (char)(digit(word[2 * i]) << 4 | digit(word[2 * i + 1]));
    }
    bytes.data = data;
    bytes.length = length;
    return bytes;
}

static void overwrite(hcond_bytes bytes)
{
    memset((char *)bytes.data, 0xa5, bytes.length);
}

static int runs, failures;
static char id[256];

static void expect(const char *what, long long seen, long long expected)
{
    if (seen != expected) {
        printf("%s: %s is %lld, and not %lld\n", id, what, seen, expected);
        failures++;
    }
}

/* What is wanted of a vector, -1 where nothing is said. */
static struct wanted {
    int decision, deciding, malformed, guards, strongly, applied;
    bool range;
    uint64_t complete_length;
    hcond_range_policy policy;
    int status, why;
    size_t count;
    hcond_byte_range parts[MOST_PARTS];
} wanted;

static hcond_state state;
static hcond_resource resource;
static bool begun;

static void begin(hcond_bytes name)
{
    if (!begun) {
        hcond_resource lent = resource;
        expect("begin", hcond_begin(&state, sizeof state, name.data, name.length, &lent, sizeof lent), HCOND_OK);
        memset(&lent, 0xa5, sizeof lent);
        overwrite(name);
        begun = true;
    }
}

static void ranges(hcond_bytes value, bool fed)
{
    static hcond_byte_range parts[MOST_PARTS];
    size_t count = 99, i;
    int why = 99;
    int status = hcond_range(&state, fed ? value.data : NULL, fed ? value.length : 0, wanted.complete_length,
                             &wanted.policy, sizeof wanted.policy, parts, MOST_PARTS, &count, &why);
    expect("range", status, wanted.status);
    expect("count", (long long)count, (long long)wanted.count);
    expect("why", why, wanted.why);
    for (i = 0; i < count && i < wanted.count; i++) {
        expect("first", (long long)parts[i].first, (long long)wanted.parts[i].first);
        expect("last", (long long)parts[i].last, (long long)wanted.parts[i].last);
    }
    /* One place less than is needed is no place at all. */
    if (status == 206) {
        expect("no room", hcond_range(&state, value.data, value.length, wanted.complete_length, &wanted.policy,
                                      sizeof wanted.policy, parts, count - 1, &count, &why), 200);
        expect("why no room", why, HCOND_WHOLE_NO_ROOM);
    }
}

static void finish(hcond_bytes range, bool fed)
{
    char text[4096], cut[40];
    int decision = hcond_decide(&state), length;
    expect("decision", decision, wanted.decision);
    expect("deciding", hcond_deciding_field(&state), wanted.deciding);
    expect("malformed", hcond_malformed(&state), wanted.malformed);
    if (wanted.guards >= 0) {
        expect("guards", hcond_guards_write(&state) > HCOND_GUARD_NONE, wanted.guards);
    }
    if (wanted.strongly >= 0) {
        expect("strongly", hcond_guards_write(&state) == HCOND_GUARD_STRONG, wanted.strongly);
    }
    if (wanted.applied >= 0) {
        expect("applied", hcond_already_applied(&state), wanted.applied);
    }
    length = hcond_explain(&state, text, sizeof text);
    expect("explanation", length, (long long)strlen(text));
    expect("its length", hcond_explain(&state, NULL, 0), length);
    expect("cut", hcond_explain(&state, cut, sizeof cut), length);
    expect("its beginning", strncmp(cut, text, sizeof cut - 1), 0);
    expect("its end", cut[sizeof cut - 1], 0);
    if (decision > 1) {
        char number[16];
        snprintf(number, sizeof number, "%d", decision);
        expect("its number", strncmp(text, number, 3), 0);
    }
    if (wanted.range) {
        ranges(range, fed);
    }
    hcond_end(&state);
    expect("after the end", hcond_decide(&state), HCOND_ERROR_STATE);
    runs++;
}

int main(void)
{
    guarded method = reserve(), etag = reserve(), also = reserve(), name = reserve(), value = reserve(),
            kept = reserve();
    static char line[6 << 20];
    static hcond_bytes tags[MOST_ALSO];
    static hcond_tag_room places[MOST_ALSO];
    hcond_bytes called = {NULL, 0}, range = {NULL, 0};
    char *also_end = also.end;
    bool fed = false;

    while (fgets(line, sizeof line, stdin)) {
        char *rest = strchr(line, ' ');
        size_t word = strcspn(line, " \n");
        rest = rest ? rest + 1 : line + word;
#define IS(expected) (word == sizeof expected - 1 && memcmp(line, expected, word) == 0)
        if (IS("vector")) {
            hcond_resource nothing = HCOND_RESOURCE_INIT;
            struct wanted unsaid;
            memset(&unsaid, 0, sizeof unsaid);
            unsaid.guards = unsaid.strongly = unsaid.applied = -1;
            wanted = unsaid;
            resource = nothing;
            begun = fed = false;
            also_end = also.end;
            snprintf(id, sizeof id, "%.*s", (int)strcspn(rest, "\n"), rest);
        } else if (IS("method")) {
            called = decode(method, rest);
        } else if (IS("status")) {
            resource.status = (uint32_t)atoi(rest);
        } else if (IS("exists")) {
            resource.flags |= HCOND_EXISTS;
        } else if (IS("etag")) {
            resource.etag = decode(etag, rest);
        } else if (IS("last-modified")) {
            char *strong;
            resource.last_modified = strtoll(rest, &strong, 10);
            resource.flags |= HCOND_HAS_LAST_MODIFIED;
            if (atoi(strong)) {
                resource.flags |= HCOND_STRONG_LAST_MODIFIED;
            }
        } else if (IS("also")) {
            guarded before;
            before.end = also_end;
            if (resource.also_count == MOST_ALSO) {
                fprintf(stderr, "too many tags\n");
                return 2;
            }
            tags[resource.also_count] = decode(before, rest);
            also_end -= tags[resource.also_count].length;
            resource.also = tags;
            resource.also_count++;
            resource.also_room = places;
        } else if (IS("now")) {
            resource.now = strtoll(rest, NULL, 10);
            resource.flags |= HCOND_HAS_NOW;
        } else if (IS("policy")) {
            resource.policy = (uint32_t)atoi(rest);
        } else if (IS("field")) {
            hcond_bytes one = decode(name, rest), other = decode(value, strchr(rest, ' ') + 1);
            begin(called);
            expect("field", hcond_field(&state, one.data, one.length, other.data, other.length), HCOND_OK);
            if (one.length == 5 && (one.data[0] | 32) == 'r' && (one.data[4] | 32) == 'e') {
                range = decode(kept, strchr(rest, ' ') + 1);
                fed = true;
            }
            overwrite(one);
            overwrite(other);
        } else if (IS("decision")) {
            wanted.decision = atoi(rest);
        } else if (IS("deciding")) {
            wanted.deciding = atoi(rest);
        } else if (IS("malformed")) {
            wanted.malformed = atoi(rest);
        } else if (IS("guards-write")) {
            wanted.guards = atoi(rest);
        } else if (IS("guards-write-strongly")) {
            wanted.strongly = atoi(rest);
        } else if (IS("already-applied-allowed")) {
            wanted.applied = atoi(rest);
        } else if (IS("range")) {
            hcond_range_policy standard = HCOND_RANGE_POLICY_INIT;
            wanted.range = true;
            wanted.policy = standard;
            if (sscanf(rest, "%" SCNu64 " %" SCNu32 " %" SCNu32 " %" SCNu32 " %" SCNu64 " %d %d",
                       &wanted.complete_length, &wanted.policy.flags, &wanted.policy.max_ranges,
                       &wanted.policy.max_reversals, &wanted.policy.max_bytes, &wanted.status, &wanted.why) != 7) {
                fprintf(stderr, "%s: no range\n", id);
                return 2;
            }
        } else if (IS("part")) {
            hcond_byte_range *part = &wanted.parts[wanted.count++];
            if (wanted.count > MOST_PARTS || sscanf(rest, "%" SCNu64 " %" SCNu64, &part->first, &part->last) != 2) {
                fprintf(stderr, "%s: no part\n", id);
                return 2;
            }
        } else if (IS("run")) {
            begin(called);
            finish(range, fed);
        } else {
            fprintf(stderr, "%s: what is %.20s?\n", id, line);
            return 2;
        }
    }
    printf("%d vectors run, %d failures\n", runs, failures);
    return failures != 0 || runs < 100;
}
