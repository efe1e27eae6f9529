# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import pathlib
import tempfile
import unittest

import run_blocks
from run_blocks import Block, blocks_of

DOCUMENT = """# Title

```sh
echo one
```

```
one
```

Words.

```sh
true
```

Words, then a block that is no output of it:

```
two
```

```yaml
a: b
```
"""


class BlocksTest(unittest.TestCase):
    def test_finds_scripts_and_what_they_print(self):
        self.assertEqual(blocks_of(DOCUMENT),
                         [Block(3, "echo one\n", "one\n"), Block(13, "true\n")])

    def test_no_block_is_passed_over(self):
        for text in ("```bash\ntrue\n```\n", "```sh\ntrue\n"):
            with self.assertRaises(SystemExit):
                blocks_of(text)

    def test_a_script_must_end_well(self):
        root = pathlib.Path("/")
        self.assertEqual(run_blocks.run(Block(1, "cd /tmp\npwd\n", "/tmp\n"), root), "")
        self.assertIn("exit status 1", run_blocks.run(Block(1, "false\ntrue\n"), root))
        self.assertIn("exit status 3", run_blocks.run(Block(1, "(exit 3) | cat\n"), root))

    def test_it_must_print_what_the_document_says(self):
        root = pathlib.Path("/")
        self.assertIn("something else", run_blocks.run(Block(1, "echo two\n", "one\n"), root))

    def test_closes_with_the_count(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "good.md").write_text(DOCUMENT, encoding="utf-8")
            (root / "bad.md").write_text("```sh\nfalse\n```\n", encoding="utf-8")
            (root / "none.md").write_text("words\n", encoding="utf-8")
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                self.assertEqual(run_blocks.main(["good.md"], root), 0)
                self.assertEqual(run_blocks.main(["good.md", "bad.md", "none.md"], root), 1)
            self.assertIn("2 passed, 0 failed\n", out.getvalue())
            self.assertTrue(out.getvalue().endswith("2 passed, 2 failed\n"))


if __name__ == "__main__":
    unittest.main()
