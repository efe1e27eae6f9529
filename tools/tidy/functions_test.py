# SPDX-License-Identifier: Apache-2.0
import unittest

from functions import find_functions
from tree import File


def shapes(text):
    found = find_functions(File("src/base/x.cc", text).code)
    return [(one.name, one.line, one.lines, one.parameters) for one in found]


class FindFunctions(unittest.TestCase):
    def test_counts_from_signature_to_closing_brace(self):
        self.assertEqual(shapes("\nint twice(\n    int value) {\n  return 2 * value;\n}\n"),
                         [("twice", 2, 4, 1)])

    def test_counts_blocks_and_lambdas_inside_as_part_of_the_function(self):
        text = "void f() {\n  if (x) {\n    g([](int a) {\n      return a;\n    });\n  }\n}\n"
        self.assertEqual(shapes(text), [("f", 1, 7, 0)])

    def test_sees_declarations(self):
        self.assertEqual(shapes("int f(int a, std::map<int, int> b = {}, char c = ',');\n"),
                         [("f", 1, 0, 3)])

    def test_looks_into_namespaces_and_classes(self):
        text = ("namespace a::b {\nclass C final : public D {\n public:\n  explicit C(int a);\n"
                "  virtual void f(int, int) const = 0;\n private:\n  int x_ = g(1, 2, 3);\n};\n}\n")
        self.assertEqual(shapes(text), [("C", 4, 0, 1), ("f", 5, 0, 2)])

    def test_sees_constructor_with_brace_initialisers(self):
        text = "C::C(int a, int b) : a_{a}, b_(b), c_{} {\n  f();\n}\nint x() { return 1; }\n"
        self.assertEqual(shapes(text), [("C::C", 1, 3, 2), ("x", 4, 1, 0)])

    def test_sees_base_class_with_brace_initialisers(self):
        self.assertEqual(shapes("C::C(int a)\n    : B<int>{a} {\n  f();\n}\n"), [("C::C", 1, 4, 1)])

    def test_sees_default_argument_braces_in_a_definition(self):
        self.assertEqual(shapes("int f(A a = {}, B b = {1, 2}) {\n  g();\n}\n"), [("f", 1, 3, 2)])

    def test_sees_operators_templates_and_attributes(self):
        text = ("template <typename T = int, typename U>\n"
                "[[nodiscard]] bool operator==(T a, U b) {\n  return a < b;\n}\n"
                "auto f(int a) -> std::vector<int> {\n  return {};\n}\n")
        self.assertEqual(shapes(text), [("operator_", 1, 4, 2), ("f", 5, 3, 1)])

    def test_ignores_what_is_no_function(self):
        text = ("#define F(a, b) \\\n  { g(a, b); }\nconstexpr auto kX = f(1, 2);\n"
                "concept A = requires(T a, int b) { a.f(b); };\nenum class E { kA, kB };\n"
                "static_assert(f(1, 2), \"x\");\nstd::array<int, 3> kY{1, 2, 3};\n"
                "using F = int (*)(int, int);\n")
        self.assertEqual(shapes(text), [])

    def test_does_not_look_at_calls_inside_functions(self):
        self.assertEqual(shapes("void f() {\n  g(1, 2, 3);\n  H h(1, 2);\n}\n"), [("f", 1, 4, 0)])

    def test_survives_braces_in_literals_and_preprocessor(self):
        text = "#if A {\n#endif\nvoid f() {\n  g(\"{{\", '{');\n}\nvoid h() {}\n"
        self.assertEqual(shapes(text), [("f", 3, 3, 0), ("h", 6, 1, 0)])


if __name__ == "__main__":
    unittest.main()
