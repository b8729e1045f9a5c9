/*
 * Decides about a request for a file: the method and the file are arguments, the header section comes from standard
 * input. This prints the file's tag, "304 Not Modified" and why:
 *
 *     tag=$(./decide GET README.md < /dev/null | sed -n 's/^ETag: //p')
 *     printf 'If-None-Match: %s\n' "$tag" | ./decide GET README.md
 *
 * The exit code is 0 to perform the method, 1 for a 304 or a 412, and 2 for an error.
 */
#include <http_conditional.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
    hcond_resource current = HCOND_RESOURCE_INIT;
    hcond_state state;
    struct stat file;
    char tag[HCOND_FILE_TAG_SIZE], line[8192], why[1024];

    if (argc != 3) {
        fprintf(stderr, "usage: %s METHOD FILE\n", argv[0]);
        return 2;
    }
    if (stat(argv[2], &file) == 0) {
        current.flags = HCOND_EXISTS | HCOND_HAS_LAST_MODIFIED;
        current.last_modified = file.st_mtime;
        if (hcond_tag_from_file((uint64_t)file.st_size, file.st_mtime, 0, 0, tag, sizeof tag) > 0) {
            current.etag = hcond_string(tag);
            printf("ETag: %s\n", tag);
        }
    }
    if (hcond_begin(&state, sizeof state, argv[1], strlen(argv[1]), &current, sizeof current) != HCOND_OK) {
        return 2;
    }
    while (fgets(line, sizeof line, stdin)) {
        size_t length = strcspn(line, "\r\n"), name = strcspn(line, ":");
        if (name < length) {
            hcond_field(&state, line, name, line + name + 1, length - name - 1);
        }
    }
    if (hcond_explain(&state, why, sizeof why) > 0) {
        puts(why);
    }
    return hcond_decide(&state) > HCOND_PERFORM_IGNORING_RANGE;
}
