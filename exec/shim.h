/* shim.h: programs that are there to start another version of themselves: pyenv's shims, rustup's proxies. */
#pragma once

/* The program that the one at `path` (absolute) would start in a folder without settings of its own; newly
 * allocated. NULL where it is none of these, or what it would start is not there.
 *
 * pyenv: $PYENV_VERSION, else the file "version" at its root. rustup: $RUSTUP_TOOLCHAIN, else the default
 * toolchain in settings.toml. */
char *shim_resolve(const char *path);
