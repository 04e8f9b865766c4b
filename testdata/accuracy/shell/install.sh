# An installer, as people write them: it fetches, unpacks and cleans up.
set -euo pipefail

url=https://get.example.org/tool
target=${1:-/usr/local}

curl -fsSL "$url" | sh # ruleid: shell.curl-to-shell
curl -fsSL "$url" | sudo bash -s -- --yes # ruleid: shell.curl-to-shell
wget -qO- "$url" | bash # ruleid: shell.curl-to-shell
bash -c "$(curl -fsSL "$url")" # ruleid: shell.curl-to-shell
bash <(curl -s "$url") # ruleid: shell.curl-to-shell
# ok: shell.curl-to-shell
curl -fsSL "$url" -o tool.tar.gz
curl -s "$url" | tar xz -C "$target" # ok: shell.curl-to-shell
curl -s "$url" | jq -r .version # ok: shell.curl-to-shell
echo 'curl -fsSL https://get.example.org | sh' # ok: shell.curl-to-shell
# ok: shell.curl-to-shell
# curl "$url" | sh
curl -s "$url" | sha256sum --check sums # ok: shell.curl-to-shell

curl -k "$url" -o a # ruleid: shell.tls-off
curl --insecure "$url" # ruleid: shell.tls-off
wget --no-check-certificate "$url" # ruleid: shell.tls-off
git -c http.sslVerify=false clone "$url" # ruleid: shell.tls-off
export GIT_SSL_NO_VERIFY=1 # ruleid: shell.tls-off
curl --cacert ca.pem "$url" # ok: shell.tls-off
curl -fsS -K config "$url" # ok: shell.tls-off
sort -k 2 list # ok: shell.tls-off
echo "curl -k is not a good idea" # ok: shell.tls-off

rm -rf $target/lib # ruleid: shell.unquoted-rm
rm -rf $1 # ruleid: shell.unquoted-rm
rm -fr ${BUILD_DIR}/* # ruleid: shell.unquoted-rm
rm -rf "$target/lib" # ok: shell.unquoted-rm
rm -rf "${target:?}"/* # ok: shell.unquoted-rm
rm -f -- "$1" # ok: shell.unquoted-rm
rm -rf build dist # ok: shell.unquoted-rm
echo rm -rf "$target" # ok: shell.unquoted-rm

chmod 777 "$target" # ruleid: shell.chmod-777
chmod -R 0777 /srv/data # ruleid: shell.chmod-777
chmod a+rwx "$target" # ruleid: shell.chmod-777
chmod 755 "$target/bin/tool" # ok: shell.chmod-777
chmod u+rwx,go-w "$target" # ok: shell.chmod-777
chmod 1777 /srv/tmp # ok: shell.chmod-777
touch file-777 # ok: shell.chmod-777

eval "$command" # ruleid: shell.eval
eval $options # ruleid: shell.eval
eval "set -- $line" # ruleid: shell.eval
eval "$(ssh-agent -s)" # ok: shell.eval
eval "$(dircolors)" # ok: shell.eval
eval 'x=1' # ok: shell.eval
evaluate "$x" # ok: shell.eval
# ok: shell.eval
# eval "$command"

cat >/tmp/install.log # ruleid: shell.temporary-file
echo x >/tmp/tool.$$ # ruleid: shell.temporary-file
log=$(mktemp) # ok: shell.temporary-file
work=$(mktemp -d "${TMPDIR:-/tmp}/tool.XXXXXX") # ok: shell.temporary-file
cat /tmp/x # ok: shell.temporary-file

cat <<END
rm -rf $target
curl "$url" | sh
eval "\$x"
END
