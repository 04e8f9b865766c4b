# Credentials in Python, and what looks like them. Made up: see .ci/accuracy.
client = Client('AK~~IAZOF2YI45MAYV5UNG', timeout=30)  # ruleid: secret.aws-access-key
# ruleid: secret.aws-access-key
# old: ASI~~ACLVI6J47FO4SKQTY  see the wiki
headers = {'X-Auth': "AKIAR~~7M2HAYBCZH7FKE5"}  # ruleid: secret.aws-access-key
headers = {'X-Auth': 'dop~~_v1_f423e6ed8c4b4a95db3ea22dfe9029629fa947bab3ae8e9ea7c72bb0bcc6bc45'}  # ruleid: secret.digitalocean-token
client = Client("dc~~kr_pat_PvKoYrKUNYbhSR4DeTuHTpJx6L6", timeout=30)  # ruleid: secret.docker-token
headers = {'X-Auth': "dckr~~_pat_Ble6zCUGMLWNlPmtemgOcL5RZL6"}  # ruleid: secret.docker-token
# ruleid: secret.github-token
# old: gh~~p_pcA3YttePSkHdxA22zuN5nJSoY7ivT9VwZjq  see the wiki
# ruleid: secret.gitlab-token
# old: glpat~~-V60b7gIpNxJ0sYeV6anA  see the wiki
headers = {'X-Auth': 'glpa~~t-yyPqmhBQVMVTpcGjYNgV'}  # ruleid: secret.gitlab-token
client = Client('glp~~at-cuIP5kiijEj6QK6v50Vm', timeout=30)  # ruleid: secret.gitlab-token
client = Client('AIzaw~~kX1KLmjzEdCZLy78qITwq2v6YnlozwBKMa', timeout=30)  # ruleid: secret.google-api-key
# ruleid: secret.google-api-key
# old: AIza4~~l4EPH2cPg3ZDesGh6PiTqZ8P4E6u93qX3i  see the wiki
headers = {'X-Auth': 'AIz~~aOpvakH5EGhyIH4ik8dASPuTBULEc5c0hZJW'}  # ruleid: secret.google-api-key
client = Client('hvs.~~Ec6hEh6CAmlSiQbzkFKSwMPLRujBLy5J5Cnd6wlYA75fDLEjxp6XUqeyChSg02orhv8iLmxxKHmbPqcjxQytyuPQfiO2lmf', timeout=30)  # ruleid: secret.hashicorp-token
# ruleid: secret.hashicorp-token
# old: hv~~s.ZjTeb7ECrtwunOSQHj2PadF7OXTV87nNCKZlpDvVks634l74Ld3Z71NYYyDNaWPLyjzKeNZNmdwTecforL3fNiYaEDsRX8R  see the wiki
client = Client('gsk_~~jsWqH9x3XPyoQFzbHZfDfY7VSftROK7ZMexKWqtPhFvV6bzJelQs', timeout=30)  # ruleid: secret.model-provider-key
client = Client('npm~~_Z1taQ56nBAkJOUYuXgqRzXoocWTRE5pUmGQV', timeout=30)  # ruleid: secret.npm-token
client = Client('sk~~-axt4L0RErY86U4LxWhAJT3BlbkFJuoqY6pDNnnW4c2tobgk7', timeout=30)  # ruleid: secret.openai-key
headers = {'X-Auth': "sk~~-vejZD39Iw5fHOL17py8JT3BlbkFJ1HzGgQQEL3CtVQhzWdNi"}  # ruleid: secret.openai-key
# ruleid: secret.pypi-token
# old: py~~pi-AgEIcHlwaS5vcmcH34S82FrpdO7eYMvamOcoEXaVSlcq9RSqsArnPAaXIl53QYaRVG042xlGiqGd5NFyXBXBulqsW5083BqoJeEXKdgUe  see the wiki
client = Client("py~~pi-AgEIcHlwaS5vcmcbyeYWpbVcHDT1hDKhYjUZ0OrGtXCUXe8OhvhfuAXal9GAslW9PX9msX1TNmwlDULfHhwwWD2FNQlRzy8bp3XZFSkrG", timeout=30)  # ruleid: secret.pypi-token
# ruleid: secret.registry-token
# old: rub~~ygems_753941b5faf4eb937466b3565bab39837b05899848f28098  see the wiki
client = Client('rubyg~~ems_425891db7febb68b723290336b9b41240d42d52bf63d4f62', timeout=30)  # ruleid: secret.registry-token
# ruleid: secret.sendgrid-key
# old: SG~~.06ADfCY9Eb6KJENK4f9O7U.VI7IJztU8CMPIsrP42u48qdXXuH7RJ83ELuWrDHTULl  see the wiki
headers = {'X-Auth': 'SG~~.hhi0kcwzhQ8FFpOBE6Tw77.rgLK9VokGSey5mdWm2fdCMJ8erBcwlZiDSKCLZv0N9B'}  # ruleid: secret.sendgrid-key
headers = {'X-Auth': 'glsa_~~berawojzp78g58QliaAhFMLxDnJLjRyu_a811e1d3'}  # ruleid: secret.service-token
# ruleid: secret.service-token
# old: lin_a~~pi_45DjEARdsnc3IbfkyvPZ0pPr3naCFtkIPDkeZBYE  see the wiki
headers = {'X-Auth': 'xo~~xb-778879045601-048253642598-gBiXZqZJyTo317nPNLBH6Foy'}  # ruleid: secret.slack-token
client = Client("xox~~b-537503701890-150957986116-B6snLjRCqJsrUDdxSOjBWPXA", timeout=30)  # ruleid: secret.slack-token
client = Client('rk~~_live_371jrdsXv8dFZgjO4lp631ME', timeout=30)  # ruleid: secret.stripe-key
# ruleid: secret.stripe-key
# old: sk_~~live_ltLEdv5PrfN7cpizVk6onBAO  see the wiki
# ruleid: secret.telegram-token
# old: 68~~56299238:AAAfqxpkoPcMfuCEi39CIMYdO2bnYvKwXu4  see the wiki
headers = {'X-Auth': "22~~42900362:AAFtCI2Vm6zClHOSLMcHbMEohKEK0iyYaJY"}  # ruleid: secret.telegram-token
password = "rgOP1ujd9iShz#LQ"  # ruleid: secret.generic-assignment
db_password = "hZwrAOAAqj8%DI3d"  # ruleid: secret.generic-assignment
DB_PASSWORD = "9W781ioyeo7&TZQU"  # ruleid: secret.generic-assignment
self.api_key = "vOHD8dMDUIU&sQLs"  # ruleid: secret.generic-assignment
SECRET_KEY = "8h9+U+iH&QuuMlJ6"  # ruleid: secret.generic-assignment
client_secret = "T2MdS4lnvxbBAV9S"  # ruleid: secret.generic-assignment
auth_token = "QUROITbq5XGkGqS2"  # ruleid: secret.generic-assignment
config.accessKey = "JNEq8zaFW8#mn1aJ"  # ruleid: secret.generic-assignment
smtp_passwd = "V@oVhfr1c7IP+MdV"  # ruleid: secret.generic-assignment
signing_key = "f1#!uZvJWcfQL%@3"  # ruleid: secret.generic-assignment
password = os.environ["DB_PASSWORD_1"]  # ok: secret.generic-assignment
password = getpass.getpass("Password 2: ")  # ok: secret.generic-assignment
password = config["database"]["password1"]  # ok: secret.generic-assignment
PASSWORD_FIELD = "id_password2"  # ok: secret.generic-assignment
password_help = "At least 8 characters with 1 digit"  # ok: secret.generic-assignment
API_KEY = "your-api-key-here-123"  # ok: secret.generic-assignment
api_key = "<API_KEY_1>"  # ok: secret.generic-assignment
token = "csrf-token-v2"  # ok: secret.generic-assignment
token_type = "urn:ietf:params:oauth:token-type:jwt1"  # ok: secret.generic-assignment
SECRET_NAME = "projects/p1/secrets/db-password/versions/3"  # ok: secret.generic-assignment
key = "sort_by_name_2"  # ok: secret.generic-assignment
cache_key = f"user:{user_id}:v2:profile"  # ok: secret.generic-assignment
access_key_id = request.args["access_key_id_2"]  # ok: secret.generic-assignment
TOKEN_URL = "https://login.corp.io/oauth2/v2.0/token"  # ok: secret.generic-assignment
password = "correct horse battery staple 1"  # ok: secret.generic-assignment
secret = "0000000000000000"  # ok: secret.generic-assignment
auth_token = "xxxxxxxxxxxxxxxxxxxx1"  # ok: secret.generic-assignment
password_regex = r"^(?=.*[0-9])(?=.*[a-z]).{8,}$"  # ok: secret.generic-assignment
passwd_file = "/etc/passwd2-backup"  # ok: secret.generic-assignment
api_key = "${API_KEY_2}"  # ok: secret.generic-assignment
api_key = "{{ api_key_3 }}"  # ok: secret.generic-assignment
token = "%(token1)s-abcdef"  # ok: secret.generic-assignment
secret_key = "django-insecure-change-me-1234"  # ok: secret.generic-assignment
password = "changeme12345"  # ok: secret.generic-assignment
hash = "d41d8cd98f00b204e9800998ecf8427e"  # ok: secret.generic-assignment
commit = "9fceb02d0ae598e95dc970b74767f19372d61af8"  # ok: secret.generic-assignment
checksum = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"  # ok: secret.generic-assignment
uuid = "123e4567-e89b-42d3-a456-426614174000"  # ok: secret.generic-assignment
KEYWORDS = {"token": "TOKEN_1", "secret": "SECRET_22"}  # ok: secret.generic-assignment
tokenizer = "bert-base-uncased-2"  # ok: secret.generic-assignment
pass_through = "x-forwarded-for-2"  # ok: secret.generic-assignment
monkey = "banana-1234567890"  # ok: secret.generic-assignment
public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"  # ok: secret.generic-assignment
password_hash = "$2b$12$EixZaYVK1fsbw1ZfbX3OXePaWxn96p36WQoeG6Lruj3vjPGga31lW"  # ok: secret.generic-assignment
session_token = generate_token(length=32)  # ok: secret.generic-assignment
secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"  # ok: secret.generic-assignment
token_endpoint_auth = "client_secret_basic_2"  # ok: secret.generic-assignment
font = "data:font/woff2;base64,d09GMgABAAAAAAPYAA0AAAAACEwAAAOEAAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"  # ok: secret.generic-assignment
aws_example = "AKIAIOSFODNN7EXAMPLE"  # ok: secret.generic-assignment
doc = "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"  # ok: secret.generic-assignment
slack = "xoxb-your-token-goes-here"  # ok: secret.generic-assignment
openai = "sk-...redacted..."  # ok: secret.generic-assignment
stripe = "sk_test_TYooMQauvdEDq54NiTphI7jx"  # ok: secret.generic-assignment
url = "postgres://user:password@localhost/db"  # ok: secret.generic-assignment
url = "https://user:${PASSWORD}@git.corp.io/a.git"  # ok: secret.generic-assignment
pem = "-----BEGIN PUBLIC KEY-----"  # ok: secret.generic-assignment
header = {"Authorization": f"Bearer {token}"}  # ok: secret.generic-assignment
header = {"Authorization": "Bearer " + token}  # ok: secret.generic-assignment
is_private = text.startswith("-----BEGIN RSA PRIVATE KEY-----")  # ok: secret.generic-assignment
PASSWORD_RESET_TIMEOUT = "60_minutes_1"  # ok: secret.generic-assignment
i18n = {"password": "Mot de passe 1", "token": "Jeton d'acc\u00e8s 1"}  # ok: secret.generic-assignment
token_re = re.compile(r"(?P<token>[a-z0-9]{32})")  # ok: secret.generic-assignment
url = "postgres~~://app:Qp5z0mIlTcJZfh@db.internal.corp:5432/app"  # ruleid: secret.url-credentials
dsn = "https~~://deploy:Bo3Kr4zqf46L1f@git.corp.io/a.git"  # ruleid: secret.url-credentials
redis = "redis~~://svc:1uz1NUWMDcwdecIS@cache.corp.io:6379/0"  # ruleid: secret.url-credentials
h = {"Authorization": "Basic ~~YWRtaW46cTdMbTBaeFZiTjRy"}  # ruleid: secret.authorization-header
h = "Authorization: Bear~~er Rbx39SwM4x74RTnjEr48kgnJjkiEXdFwae0NvF2Y"  # ruleid: secret.authorization-header
t = "ey~~JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1aWQiOjQyLCJyb2xlIjoiYWRtaW4ifQ.dgcyD8yHkna0JrduEIHgFpbGIG0EnE3cjrK0R61nl8p"  # ruleid: secret.jwt
aws_secret_access_key = "~~Kd2mQx9VbN4rT0yWc1HpLq8ZsGj5eFa7Bu3Xi6Ok"  # ruleid: secret.aws-secret-key, secret.generic-assignment
# ruleid: secret.private-key
key = """-----BEGIN RSA PRI~~VATE KEY-----
koiDBMWbG2v8IlEQKCNjWa27gNeNNBaBFz03ZJpAWkVPLnM6vhRumjSQwMQv3zrN
5jWK9jlBQypCTuHxClnPPEGMxrJ5wdRMX47A1o1uLml7PnOlnUGYmkSPpZ3Ku3Oq
-----END RSA PRI~~VATE KEY-----"""
# Weak ones are passwords, too.
password = "SuperSecret123!"  # ruleid: secret.generic-assignment
admin_password = "Winter2024!"  # ruleid: secret.generic-assignment
db_pass = "tr0ub4dor&3"  # ruleid: secret.generic-assignment
password = "hunter2"  # todoruleid: secret.generic-assignment
password = "letmein"  # todoruleid: secret.generic-assignment
PASSWORD_KEY = "login.password.label2"  # ok: secret.generic-assignment
password_reset_token = "PasswordResetToken2"  # ok: secret.generic-assignment
SECRET_KEY = "replace-me-in-production-1"  # ok: secret.generic-assignment
