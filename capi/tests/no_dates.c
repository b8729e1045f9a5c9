/*
 * A library that was built without dates: what is about a date is answered so, and the rest is as it was.
 */
#include <http_conditional.h>

#include <stdio.h>

static int failures;

static void is(const char *what, long long seen, long long expected)
{
    if (seen != expected) {
        printf("%s is %lld, and not %lld\n", what, seen, expected);
        failures++;
    }
}

int main(void)
{
    hcond_resource current = HCOND_RESOURCE_INIT;
    hcond_state state;
    int64_t seconds;
    char text[HCOND_DATE_SIZE];

    current.etag = hcond_string("\"v1\"");
    is("begin", hcond_begin(&state, sizeof state, "GET", 3, &current, sizeof current), HCOND_OK);
    is("a date", hcond_field(&state, "If-Modified-Since", 17, "Sun, 06 Nov 1994 08:49:37 GMT", 29), HCOND_OK);
    is("by date", hcond_decide(&state), HCOND_PERFORM);
    is("a tag", hcond_field(&state, "If-None-Match", 13, "\"v1\"", 4), HCOND_OK);
    is("by tag", hcond_decide(&state), HCOND_NOT_MODIFIED);

    current.flags = HCOND_HAS_LAST_MODIFIED;
    is("a modification date", hcond_begin(&state, sizeof state, "GET", 3, &current, sizeof current),
       HCOND_ERROR_UNSUPPORTED);
    current.flags = HCOND_HAS_NOW;
    is("a clock", hcond_begin(&state, sizeof state, "GET", 3, &current, sizeof current), HCOND_ERROR_UNSUPPORTED);
    current.flags = 0;
    current.policy = HCOND_LENIENT_DATES;
    is("a policy of dates", hcond_begin(&state, sizeof state, "GET", 3, &current, sizeof current),
       HCOND_ERROR_UNSUPPORTED);
    current.policy = HCOND_WEAK_IF_MATCH | HCOND_LENIENT_ENTITY_TAGS;
    is("a policy of tags", hcond_begin(&state, sizeof state, "GET", 3, &current, sizeof current), HCOND_OK);
    is("reading", hcond_date_parse("x", 1, NULL, &seconds), HCOND_ERROR_UNSUPPORTED);
    is("writing", hcond_date_write(0, text, sizeof text), HCOND_ERROR_UNSUPPORTED);
    printf("%d failures\n", failures);
    return failures != 0;
}
