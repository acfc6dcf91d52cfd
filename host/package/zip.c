/* SPDX-License-Identifier: MIT */
#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include <string.h>

#include "package/parts.h"
#include "util/file.h"

/* Times are the same in every archive, so that its bytes are, too. */
static bool add(struct archive *a, const char *path, const char *text) {
    struct archive_entry *e = archive_entry_new();
    const size_t size = strlen(text);
    archive_entry_set_pathname(e, path);
    archive_entry_set_size(e, (la_int64_t)size);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_mtime(e, 315532800, 0); /* 1980-01-01, the first that ZIP knows */
    const bool ok =
        archive_write_header(a, e) == ARCHIVE_OK && archive_write_data(a, text, size) == (la_ssize_t)size;
    archive_entry_free(e);
    return ok;
}

mdg_status mdg_package_zip(const mdg_package *p, const mdg_package_kind *kind, const char *root,
                           const char *path, mdg_arena *arena, mdg_diag *diag) {
    int n;
    const mdg_package_file *files = mdg_package_files(p, kind, arena, &n);
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    struct archive *a = archive_write_new();
    archive_write_set_format_zip(a);
    bool ok = archive_write_open_FILE(a, w.stream) == ARCHIVE_OK;
    for (int i = 0; ok && i < n; i++)
        ok =
            add(a, mdg_arena_printf(arena, "%s%s%s", root, root[0] ? "/" : "", files[i].path), files[i].text);
    ok = archive_write_close(a) == ARCHIVE_OK && ok;
    archive_write_free(a);
    if (ok) return mdg_writer_close(&w, diag);
    mdg_writer_discard(&w);
    return mdg_fail(diag, MDG_IO, "%s: cannot be written", path);
}
