#!/bin/bash
# Start Odoo with the secrets that compose mounts; none of them is in the image or in odoo.conf.
set -euo pipefail

read_secret() {
    local file="/run/secrets/$1"
    [[ -r "$file" ]] && cat "$file"
}

PGPASSWORD="${PGPASSWORD:-$(read_secret db_password || true)}"
DAOGOU_KEY="${DAOGOU_KEY:-$(read_secret encryption_key || true)}"
export PGPASSWORD DAOGOU_KEY
: "${DAOGOU_KEY:?Set the encryption key: the file named by ENCRYPTION_KEY_FILE in docker/.env}"

settings=/tmp/daogou.conf
master="$(read_secret master_password || true)"
: "${master:?Set the master password: the file named by MASTER_PASSWORD_FILE in docker/.env}"
umask 077
sed "s|^\[options\]|[options]\nadmin_passwd = ${master}\ndata_dir = /var/lib/odoo|" \
    /etc/odoo/odoo.conf > "$settings"

[[ "${1:-odoo}" == odoo ]] || exec "$@"
shift || true
core="$(python3 -c 'import odoo.addons as a; print([p for p in a.__path__ if "oca" not in p][-1])')"
exec odoo --config "$settings" \
    --addons-path "${core},/opt/daogou/oca/odoo/addons,/opt/daogou/addons" \
    --database "${DAOGOU_DATABASE:-daogou}" \
    --http-interface 0.0.0.0 --proxy-mode --workers "${DAOGOU_WORKERS:-4}" "$@"
