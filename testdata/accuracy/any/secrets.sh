# Credentials in shell scripts, and what looks like them. Made up: see .ci/accuracy.
tool login --as bot sk-an~~t-api03-5AXTJrnMhKw5Vq7cf5PUZqQMobzzw6M4NYOl6UNIIfW152CtE8R0KHceR7N1aYohfrUt11ncUE1CR3mCrtRkWTpykBpIZAA # ruleid: secret.anthropic-key
curl -H "X-Auth: AK~~IAYFTUQBWFC4V2R7BN" "$url" # ruleid: secret.aws-access-key
curl -H "X-Auth: dop_~~v1_df8713e4731de361b43be4de8db4947f39b8868767611088d013782257bffb6a" "$url" # ruleid: secret.digitalocean-token
curl -H "X-Auth: dck~~r_pat_aw0qW2AzY1F4d9ioBhXtAzHa7a6" "$url" # ruleid: secret.docker-token
curl -H "X-Auth: gl~~pat-oqMxFIPekasVVF73XRd4" "$url" # ruleid: secret.gitlab-token
tool login --as bot AIza~~f4d152sa0bHkH58hVhhba5BU6DSun5buYmU # ruleid: secret.google-api-key
tool login --as bot hvs.v~~QgZk7ptNRGXDJu7xXIxPu16HBU1YcF24YUQx4hqDTZmPfCMJgmICNTabeisIhtjQUucqYJ4N1RitcZIYh3WOGSXWnNIC2B # ruleid: secret.hashicorp-token
tool login --as bot gs~~k_xEoDnianaERE1d4cY96YCzIrgRTfXeBJmMROQrOPhA7iZAPjf2pw # ruleid: secret.model-provider-key
curl -H "X-Auth: xai-~~QWG4BUztNsZrK9M0KKVnsfzkSXaSXvqifPpPXUtL6gvI4EE0G4tTH2cgxreCKn3a3eDWQZgvysZQtoQX" "$url" # ruleid: secret.model-provider-key
tool login --as bot np~~m_j75Q4fbHJU4BRkkJRoZRUOFeMXjQjDJEA5wT # ruleid: secret.npm-token
tool login --as bot sk-~~1vsvdbqda1YgOYmikCg6T3BlbkFJChoccSlCmD7UJidVQvnU # ruleid: secret.openai-key
curl -H "X-Auth: pypi~~-AgEIcHlwaS5vcmc2rnd5fEFpNioU49uMjqbYA0VsU2o8RqmNsNLxIKsldCIRHQ8WnnWTMAEsNvtX3TxaMJEoRbX0naRdIgH8GWgtaPflH" "$url" # ruleid: secret.pypi-token
curl -H "X-Auth: rub~~ygems_498a7844d0fa525133990d14520b26c7dba7bc0781babe7d" "$url" # ruleid: secret.registry-token
tool login --as bot figd_~~GN9P2vfl3U7oHVTBO13ugkavZ34MQCyFtRcNXqbN # ruleid: secret.service-token
curl -H "X-Auth: xoxb-~~649177876861-343997634391-iluVktZB1aWxbQFnYO3ZT9Mv" "$url" # ruleid: secret.slack-token
tool login --as bot xo~~xb-079036195597-448682029580-RwkVh9fUK7oy5fqfS5z9arJG # ruleid: secret.slack-token
curl -H "X-Auth: rk_li~~ve_ibgjTC3ShW9EiHA3JzYtowHc" "$url" # ruleid: secret.stripe-key
DB_PASSWORD=PkZ0yQAijYiPtc8Jsf # ruleid: secret.config-assignment
export API_KEY=OMHe2SOjFgsWa3DhHD # ruleid: secret.config-assignment
SECRET_TOKEN=7o2d4uYPKEuc8jNAPI # ruleid: secret.config-assignment
export AUTH_TOKEN=eFWz2m1eaH9pAISIBm # ruleid: secret.config-assignment
DB_PASSWORD=${DB_PASSWORD_1:-} # ok: secret.config-assignment, secret.generic-assignment
export API_KEY=$(cat /run/secrets/api_key_1) # ok: secret.config-assignment, secret.generic-assignment
TOKEN=$(curl -s "$url" | jq -r .token1) # ok: secret.config-assignment, secret.generic-assignment
PASSWORD_FILE=/run/secrets/db_password_1 # ok: secret.config-assignment, secret.generic-assignment
SECRET=`openssl rand -hex 32` # ok: secret.config-assignment, secret.generic-assignment
TOKEN=changeme123456 # ok: secret.config-assignment, secret.generic-assignment
read -r -s -p "Password 1: " password # ok: secret.config-assignment, secret.generic-assignment
mysql -u root -p"$MYSQL_ROOT_PASSWORD_1" # ok: secret.config-assignment, secret.generic-assignment
KEY_LENGTH=4096bits-rsa # ok: secret.config-assignment, secret.generic-assignment
