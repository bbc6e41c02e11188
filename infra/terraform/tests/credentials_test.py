"""The script `credentials`, with a program in the place of the AWS CLI that holds each request against botocore's model.

There is no AWS here: what is shown is that every request is one that AWS understands, and where values go.
"""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

import botocore.session
from botocore import xform_name
from botocore.validate import ParamValidator

HERE = pathlib.Path(__file__).resolve().parent
SCRIPT = HERE.parent / "scripts" / "credentials"
NAMES = [f"{service}/database-url" for service in ("user-service", "mail-service", "chat-service")] + [
    "cache-url", "broker-url", "smtp-url", "code-pepper", "signing-key", "database-ca",
]
PLACES = {
    "region": "us-east-1",
    "cluster": "loquat-test",
    "documents": {"identifier": "loquat-test-documents", "endpoint": "documents.example.org"},
    "cache": {"endpoint": "cache.example.org", "user_id": "loquat-test-services"},
    "broker": {"endpoint": "amqps://broker.example.org:5671", "console_url": "https://broker.example.org"},
    "smtp": {"host": "email-smtp.us-east-1.amazonaws.com", "user": "loquat-test-smtp"},
    "secrets": {name: f"arn:aws:secretsmanager:us-east-1:123456789012:secret:loquat/test/{name}-AbCdEf" for name in NAMES},
}


def stand_in():
    """Run as `aws`: checks the request, keeps secrets in a file, and answers as AWS would."""
    service, operation = sys.argv[1:3]
    model = botocore.session.get_session().get_service_model(service)
    names = {xform_name(name, "-"): name for name in model.operation_names}
    request = json.load(sys.stdin)
    report = ParamValidator().validate(request, model.operation_model(names[operation]).input_shape)
    if report.has_errors():
        sys.exit(report.generate_report())
    kept = pathlib.Path(os.environ["KEPT"])
    world = json.loads(kept.read_text(encoding="utf-8"))
    world["calls"].append([operation, request, sys.argv[1:]])
    answer = {}
    if operation == "put-secret-value":
        world["secrets"][request["SecretId"]] = request["SecretString"]
    elif operation == "get-secret-value":
        if request["SecretId"] not in world["secrets"]:
            sys.exit("An error occurred (ResourceNotFoundException)")
        answer = {"SecretString": world["secrets"][request["SecretId"]]}
    elif operation == "create-access-key":
        answer = {"AccessKey": {"AccessKeyId": "AKIAIOSFODNN7NEW", "SecretAccessKey": "secret+/="}}
    elif operation == "list-access-keys":
        answer = {"AccessKeyMetadata": [{"AccessKeyId": "AKIAIOSFODNN7OLD"}, {"AccessKeyId": "AKIAIOSFODNN7NEW"}]}
    elif operation == "describe-db-clusters":
        answer = {"DBClusters": [{}]}
    kept.write_text(json.dumps(world), encoding="utf-8")
    print(json.dumps(answer))


class Credentials(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        program = self.folder / "aws"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" --as-aws "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        (self.folder / "places.json").write_text(json.dumps(PLACES), encoding="utf-8")
        self.kept = self.folder / "world.json"
        self.kept.write_text(json.dumps({"secrets": {}, "calls": []}), encoding="utf-8")

    def run_script(self, *arguments):
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}", "KEPT": str(self.kept)}
        command = [sys.executable, str(SCRIPT), "--places", str(self.folder / "places.json"), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    def world(self):
        return json.loads(self.kept.read_text(encoding="utf-8"))

    def secret(self, name):
        return self.world()["secrets"].get(PLACES["secrets"][name])

    def test_each_service_gets_a_database_of_its_own(self):
        done = self.run_script("rotate", "database")

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(self.secret("chat-service/database-url"), r"^mongodb://loquat:[0-9a-f]{48}@documents\.example\.org:27017/loquat_chat\?")
        self.assertIn("/loquat_users?", self.secret("user-service/database-url"))

    def test_the_old_password_of_the_cache_works_until_it_is_forgotten(self):
        self.run_script("rotate", "cache")
        first = self.secret("cache-url").split(":")[2].split("@")[0]
        self.run_script("rotate", "cache")
        second = self.secret("cache-url").split(":")[2].split("@")[0]
        self.run_script("forget", "cache")

        modes = [request["AuthenticationMode"]["Passwords"] for name, request, _ in self.world()["calls"] if name == "modify-user"]
        self.assertEqual(modes, [[first], [first, second], [second]])

    def test_an_old_key_of_smtp_is_deleted_and_the_new_one_stays(self):
        self.run_script("rotate", "smtp")
        done = self.run_script("forget", "smtp")

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(self.secret("smtp-url"), r"^smtp://AKIAIOSFODNN7NEW:[A-Za-z0-9%._~-]+@email-smtp\.us-east-1\.amazonaws\.com:587$")
        deleted = [request["AccessKeyId"] for name, request, _ in self.world()["calls"] if name == "delete-access-key"]
        self.assertEqual(deleted, ["AKIAIOSFODNN7OLD"])

    def test_all_services_are_started_anew(self):
        done = self.run_script("redeploy")

        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([request["service"] for _, request, _ in self.world()["calls"]], ["user-service", "mail-service", "chat-service"])

    def test_no_secret_is_printed_or_an_argument(self):
        done = [self.run_script("rotate", "database", "cache", "smtp"), self.run_script("forget", "cache", "smtp")]

        password = self.secret("cache-url").split(":")[2].split("@")[0]
        shown = "".join(one.stdout + one.stderr for one in done) + json.dumps([arguments for _, _, arguments in self.world()["calls"]])
        self.assertNotIn(password, shown)
        self.assertNotIn("secret+/=", shown)

    def test_a_part_that_is_not_there_is_refused(self):
        self.assertEqual(self.run_script("rotate", "everything").returncode, 2)
        self.assertEqual(self.run_script("rotate").returncode, 2)
        self.assertEqual(self.run_script("forget", "database").returncode, 2)

    def test_a_broker_that_does_not_answer_is_named(self):
        loader = importlib.machinery.SourceFileLoader("credentials", str(SCRIPT))
        script = importlib.util.module_from_spec(importlib.util.spec_from_loader("credentials", loader))
        loader.exec_module(script)
        places = script.Places({**PLACES, "broker": {**PLACES["broker"], "console_url": "http://127.0.0.1:9"}})
        places.value = lambda _: "amqps://loquat:password@broker.example.org:5671"

        with self.assertRaisesRegex(script.Refused, "inside the network"):
            script.rotate_broker(places)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--as-aws"]:
        del sys.argv[1]
        stand_in()
    else:
        unittest.main()
