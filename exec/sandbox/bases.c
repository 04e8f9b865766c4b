#include "exec/sandbox/bases.h"

#include "exec/sandbox/image.h"
#include "exec/sandbox/message.h"
#include "exec/user.h"

#include <string.h>
#include <unistd.h>

/* How many are kept although nothing runs in them. */
#define MOST_IDLE 4

struct Bases {
    int image;
    GPtrArray *list;  /* of SandboxBase: those that are shared */
    GHashTable *seen; /* of GBytes: keys of those that there have been */
    guint64 uses;
};

BasePlace *base_place_new(const Limits *limits, GBytes *filter) {
    BasePlace *place = g_new0(BasePlace, 1);

    place->limits = *limits;
    place->filter = g_bytes_ref(filter);
    place->pipes = (BasePipes){{-1, -1}, {-1, -1}, {-1, -1}};
    return place;
}

void base_remember(SandboxBase *base, const Limits *limits, GBytes *filter) {
    base->limits = *limits;
    g_bytes_ref(filter);
    g_clear_pointer(&base->filter, g_bytes_unref);
    base->filter = filter;
}

static void close_both(const int *fds) {
    for (int i = 0; i < 2; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

void base_place_free(BasePlace *place) {
    if (place == NULL)
        return;
    close_both(place->pipes.out);
    close_both(place->pipes.err);
    close_both(place->pipes.report);
    g_clear_pointer(&place->filter, g_bytes_unref);
    g_clear_pointer(&place->group, cgroup_free);
    g_free(place);
}

static void base_free(SandboxBase *base) {
    zygote_free(base->zygote);
    base_place_free(base->next);
    g_clear_pointer(&base->filter, g_bytes_unref);
    g_bytes_unref(base->key);
    g_free(base);
}

Bases *bases_new(void) {
    Bases *bases = g_new0(Bases, 1);

    bases->image = -1;
    bases->list = g_ptr_array_new_with_free_func((GDestroyNotify)base_free);
    bases->seen = g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    return bases;
}

void bases_free(Bases *bases) {
    if (bases == NULL)
        return;
    g_ptr_array_unref(bases->list);
    g_hash_table_unref(bases->seen);
    if (bases->image >= 0)
        close(bases->image);
    g_free(bases);
}

/* What is there for a single command is its own anyway. */
static guint64 flags_of(const Command *command, const BaseKind *kind, bool once) {
    guint64 flags = BASE_NAMESPACES | (once ? BASE_ONCE : 0);

    if (kind->own_user && !once)
        flags |= BASE_OWN_USER;
    if ((kind->own_network || command->network == NETWORK_LOOPBACK) && !once)
        flags |= BASE_OWN_NETWORK;
    if (command->network == NETWORK_LOOPBACK)
        flags |= BASE_LOOPBACK;
    if (command->work.wanted)
        flags |= BASE_WORK;
    if (command->work.wanted && command->work.tree != NULL)
        flags |= BASE_TREE;
    return flags;
}

static void put_key(GByteArray *key, const void *bytes, gsize size) {
    g_byte_array_append(key, bytes, (guint)size);
}

/* With its NUL. */
static void put_key_text(GByteArray *key, const char *text) {
    text = text != NULL ? text : "";
    put_key(key, text, strlen(text) + 1);
}

static GByteArray *payload_of(const Command *command, const BaseKind *kind, bool once) {
    g_autoptr(GPtrArray) steps = kind->namespaces ? root_steps(command) : g_ptr_array_new();
    guint64 flags = (kind->namespaces ? flags_of(command, kind, once) : 0) |
                    (command->network == NETWORK_LOOPBACK ? 0 : BASE_NO_CONNECT) |
                    (user_can_drop_groups() ? BASE_DROP_GROUPS : 0);
    const User inside = {.uid = ZYGOTE_INSIDE_ID, .gid = ZYGOTE_INSIDE_ID};
    const User user = kind->namespaces ? inside : user_of_children();

    return message_base(flags, &user, kind->landlock_abi, steps);
}

/* What tells two bases apart. Quicker than the payload, for which files of the host are looked at. */
static GBytes *key_of(const Command *command, const BaseKind *kind) {
    GByteArray *key = g_byte_array_new();
    const guint64 flags = flags_of(command, kind, false);

    if (!kind->namespaces)
        return g_byte_array_free_to_bytes(key);
    put_key(key, &flags, sizeof flags);
    put_key_text(key, command->root);
    put_key_text(key, command->work.wanted ? command->work.tree : NULL);
    for (guint i = 0; i < command->mounts->len; i++) {
        const Mount *mount = command->mounts->pdata[i];

        put_key_text(key, mount->source);
        put_key_text(key, mount->target);
    }
    return g_byte_array_free_to_bytes(key);
}

static SandboxBase *find(const Bases *bases, GBytes *key) {
    for (guint i = 0; i < bases->list->len; i++) {
        SandboxBase *base = bases->list->pdata[i];

        if (g_bytes_equal(base->key, key))
            return base;
    }
    return NULL;
}

/* The idle one that was used the longest ago; NULL where there are few. */
static SandboxBase *superfluous(const Bases *bases) {
    SandboxBase *oldest = NULL;
    guint idle = 0;

    for (guint i = 0; i < bases->list->len; i++) {
        SandboxBase *base = bases->list->pdata[i];

        if (base->running > 0)
            continue;
        idle++;
        if (oldest == NULL || base->last_use < oldest->last_use)
            oldest = base;
    }
    return idle > MOST_IDLE ? oldest : NULL;
}

const GPtrArray *bases_shared(const Bases *bases) {
    return bases->list;
}

int bases_image(Bases *bases, GError **error) {
    if (bases->image < 0)
        bases->image = image_open(error);
    return bases->image;
}

static SandboxBase *start(Bases *bases, const Command *command, const BaseKind *kind, bool once,
                          GError **error) {
    g_autoptr(GByteArray) payload = payload_of(command, kind, once);
    SandboxBase *base;
    Zygote *zygote;

    if (bases_image(bases, error) < 0)
        return NULL;
    zygote = zygote_start(bases->image, kind->namespaces, payload, error);
    if (zygote == NULL)
        return NULL;
    base = g_new0(SandboxBase, 1);
    base->zygote = zygote;
    base->key = key_of(command, kind);
    base->once = once;
    return base;
}

static SandboxBase *start_shared(Bases *bases, const Command *command, const BaseKind *kind, GError **error) {
    SandboxBase *base, *old;

    while ((old = superfluous(bases)) != NULL)
        g_ptr_array_remove(bases->list, old);
    base = start(bases, command, kind, false, error);
    if (base != NULL)
        g_ptr_array_add(bases->list, base);
    return base;
}

SandboxBase *bases_get(Bases *bases, const Command *command, const BaseKind *kind, GError **error) {
    g_autoptr(GBytes) key = key_of(command, kind);
    SandboxBase *base = find(bases, key);

    if (base == NULL)
        base = kind->namespaces && g_hash_table_add(bases->seen, g_bytes_ref(key))
                   ? start(bases, command, kind, true, error)
                   : start_shared(bases, command, kind, error);
    if (base == NULL)
        return NULL;
    base->last_use = ++bases->uses;
    base->uses++;
    base->running++;
    return base;
}

void base_release(SandboxBase *base) {
    if (base == NULL)
        return;
    base->running--;
    if (base->once)
        base_free(base);
}
