/* Runs a fuzz target without libFuzzer: every file of the folders given, then inputs made of them by
 * chance (the seed is printed; MUSTER_SEED sets it, MUSTER_MUTATIONS the number). */
#include <dirent.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "fuzz.h"

enum { MUTATIONS = 20000, CHANGES_MAX = 4 };

struct corpus {
    struct buf *inputs;
    size_t count, cap;
};

static uint64_t random_state;
static const struct buf *running;

static uint64_t next_random(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

/* The input that brought it down is what one needs to know. */
static void on_abort(int signal_number)
{
    static const char head[] = "\nthe input was:\n";

    if (running && write(STDERR_FILENO, head, sizeof head - 1) > 0 &&
        write(STDERR_FILENO, running->data, running->len) >= 0)
        signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void run(const struct buf *input)
{
    /* an exact copy, so that a read beyond the end is seen by the sanitizer */
    _cleanup_free_ uint8_t *data = mem_alloc(input->len);

    memcpy(data, input->data ? input->data : "", input->len);
    running = input;
    LLVMFuzzerTestOneInput(data, input->len);
    running = NULL;
}

static int read_file(struct buf *out, const char *path)
{
    _cleanup_file_ FILE *f = fopen(path, "rb");
    char piece[4096];
    size_t n;

    if (!f)
        return -1;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        buf_add(out, piece, n);
    return ferror(f) ? -1 : 0;
}

static int read_folder(struct corpus *c, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    if (!dir)
        return -1;
    while ((entry = readdir(dir))) {
        _cleanup_buf_ struct buf path = {0};

        if (entry->d_name[0] == '.')
            continue;
        buf_addf(&path, "%s/%s", folder, entry->d_name);
        ARRAY_GROW(c->inputs, c->count, c->cap);
        memset(&c->inputs[c->count], 0, sizeof *c->inputs);
        if (read_file(&c->inputs[c->count++], buf_str(&path))) {
            closedir(dir);
            return -1;
        }
    }
    closedir(dir);
    return 0;
}

static void change(struct buf *b, const struct corpus *c)
{
    size_t at = b->len ? next_random() % b->len : 0;
    size_t n = 1 + next_random() % 8;
    const struct buf *other = &c->inputs[next_random() % c->count];

    if (b->len == 0)
        return;
    switch (next_random() % 5) {
    case 0: /* another byte */
        b->data[at] = (char)next_random();
        break;
    case 1: /* a byte that means something, for texts */
        b->data[at] = "{}[]\",:\\u0e-+.= ()\n\t"[next_random() % 21];
        break;
    case 2: /* some less */
        n = n < b->len - at ? n : b->len - at;
        memmove(b->data + at, b->data + at + n, b->len - at - n);
        b->len -= n;
        break;
    case 3: /* some twice */
        n = n < b->len - at ? n : b->len - at;
        buf_reserve(b, n);
        memmove(b->data + at + n, b->data + at, b->len - at);
        b->len += n;
        break;
    default: /* goes on as another */
        if (at < other->len) {
            b->len = at;
            buf_add(b, other->data + at, other->len - at);
        }
        break;
    }
}

static void run_mutations(const struct corpus *c, long count)
{
    _cleanup_buf_ struct buf input = {0};

    for (long i = 0; i < count; i++) {
        const struct buf *from = &c->inputs[next_random() % c->count];

        buf_clear(&input);
        buf_add(&input, from->data, from->len);
        for (size_t n = 1 + next_random() % CHANGES_MAX; n > 0; n--)
            change(&input, c);
        run(&input);
    }
}

int main(int argc, char **argv)
{
    const char *seed = getenv("MUSTER_SEED"), *count = getenv("MUSTER_MUTATIONS");
    struct corpus corpus = {0};

    random_state = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) * 1000003u + (uint64_t)getpid();
    printf("MUSTER_SEED=%llu\n", (unsigned long long)random_state);
    fflush(stdout);
    random_state |= 1;
    signal(SIGABRT, on_abort);
    for (int i = 1; i < argc; i++)
        if (read_folder(&corpus, argv[i]))
            return fprintf(stderr, "cannot read %s\n", argv[i]), 1;
    if (corpus.count == 0)
        return fprintf(stderr, "the corpus is empty\n"), 1;
    for (size_t i = 0; i < corpus.count; i++)
        run(&corpus.inputs[i]);
    run_mutations(&corpus, count ? atol(count) : MUTATIONS);
    for (size_t i = 0; i < corpus.count; i++)
        buf_deinit(&corpus.inputs[i]);
    free(corpus.inputs);
    return 0;
}
