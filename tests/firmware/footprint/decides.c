/* A program in C that only decides: what .ci/embedded measures, with all that it reaches. */
#include <http_conditional.h>

typedef struct line {
    hcond_bytes name, value;
} line;

int entry(hcond_bytes method, hcond_bytes etag, const line *lines, size_t count)
{
    hcond_resource now = HCOND_RESOURCE_INIT;
    hcond_state state;
    size_t i;
    now.flags = HCOND_EXISTS;
    now.etag = etag;
    hcond_begin(&state, sizeof state, method.data, method.length, &now, sizeof now);
    for (i = 0; i < count; i++) {
        hcond_field(&state, lines[i].name.data, lines[i].name.length, lines[i].value.data, lines[i].value.length);
    }
    return hcond_decide(&state);
}
