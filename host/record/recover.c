/* SPDX-License-Identifier: MIT */
#include "record/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/store.h"

static bool ends_with(const char *text, const char *ending) {
    const size_t n = strlen(text), m = strlen(ending);
    return n >= m && strcmp(text + n - m, ending) == 0;
}

/* The end of the last whole line at or before `end`; 0 = there is none. */
static off_t whole_lines(int fd, off_t end) {
    char block[4096];
    while (end > 0) {
        const off_t start = end > (off_t)sizeof block ? end - (off_t)sizeof block : 0;
        const ssize_t n = pread(fd, block, (size_t)(end - start), start);
        for (ssize_t i = n - 1; i >= 0; i--)
            if (block[i] == '\n') return start + i + 1;
        end = start;
    }
    return 0;
}

/* A table is worth keeping from its second line on: the first names the columns. */
static bool trim_table(int fd, off_t size) {
    const off_t end = whole_lines(fd, size);
    return ftruncate(fd, end) == 0 && end > 1 && whole_lines(fd, end - 1) > 0;
}

static bool trim_wav(int fd, off_t size) {
    uint8_t head[MDG_WAV_HEAD];
    if (size <= MDG_WAV_HEAD || pread(fd, head, sizeof head, 0) != sizeof head) return false;
    const off_t bytes = (size - MDG_WAV_HEAD) & ~(off_t)1;
    const int rate = head[24] | head[25] << 8 | head[26] << 16;
    mdg_wav_head(head, rate, (uint32_t)bytes);
    return ftruncate(fd, MDG_WAV_HEAD + bytes) == 0 && bytes > 0 &&
           pwrite(fd, head, sizeof head, 0) == sizeof head;
}

static bool trim(int fd, const char *part) {
    struct stat info;
    if (fstat(fd, &info) != 0) return false;
    if (ends_with(part, ".png.part")) return false; /* half a picture */
    return ends_with(part, ".wav.part") ? trim_wav(fd, info.st_size) : trim_table(fd, info.st_size);
}

bool mdg_recover_trim(const char *part) {
    const int fd = open(part, O_RDWR | O_CLOEXEC);
    if (fd < 0) return false;
    const bool keep = trim(fd, part);
    close(fd);
    return keep;
}

static void finish(const char *part, bool keep, const mdg_record_watch *watch, mdg_record_tally *tally) {
    char whole[MDG_STORE_PATH], about[MDG_STORE_PATH], line[MDG_STORE_PATH + 80];
    snprintf(whole, sizeof whole, "%.*s", (int)(strlen(part) - strlen(".part")), part);
    snprintf(about, sizeof about, "%.*s.json", (int)(strlen(whole) - strlen(".csv")), whole);
    if (!keep) {
        unlink(part);
        unlink(about);
        return;
    }
    if (rename(part, whole) != 0) return;
    tally->recovered++;
    snprintf(line, sizeof line, "recovered %s, of a recording that was cut off", whole);
    if (watch->tell) watch->tell(watch->context, line);
}

static void recover(const char *part, const mdg_record_watch *watch, mdg_record_tally *tally) {
    const int fd = open(part, O_RDWR | O_CLOEXEC);
    if (fd < 0) return;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) finish(part, trim(fd, part), watch, tally);
    close(fd);
}

/* dir may hold characters that mean something to glob. */
static void quote(const char *dir, char *out, size_t size) {
    size_t n = 0;
    for (; *dir && n + 3 < size; dir++) {
        if (strchr("*?[]\\{}~", *dir)) out[n++] = '\\';
        out[n++] = *dir;
    }
    out[n] = '\0';
}

mdg_status mdg_recover(const char *dir, const mdg_record_watch *watch, mdg_record_tally *tally,
                       mdg_diag *diag) {
    static const char *const endings[] = {"csv", "wav", "png"};
    char quoted[MDG_STORE_PATH], pattern[MDG_STORE_PATH + 32];
    quote(dir, quoted, sizeof quoted);
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++) {
        glob_t found;
        snprintf(pattern, sizeof pattern, "%s/*/*.%s.part", quoted, endings[e]);
        const int result = glob(pattern, 0, NULL, &found);
        if (result == GLOB_NOMATCH) continue;
        if (result != 0) return mdg_fail(diag, MDG_IO, "%s: cannot be searched: %s", dir, strerror(errno));
        for (size_t i = 0; i < found.gl_pathc; i++) recover(found.gl_pathv[i], watch, tally);
        globfree(&found);
    }
    return MDG_OK;
}
