package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestReadCases(t *testing.T) {
	cases, err := readCases(strings.NewReader("# none\n\n a cat -u < in | wc -c\n b true\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(cases) != 2 {
		t.Fatalf("%d cases, want 2", len(cases))
	}
	a := cases[0]
	if a.label != "a" || a.input != "in" || len(a.stages) != 2 || strings.Join(a.stages[0], " ") != "cat -u" || strings.Join(a.stages[1], " ") != "wc -c" {
		t.Errorf("got %+v", a)
	}
	for _, bad := range []string{"a", "a |", "a cat | | wc", "a cat | wc < in", "a cat <"} {
		if _, err := readCases(strings.NewReader("b true\n" + bad)); err == nil || !strings.Contains(err.Error(), "line 2: ") {
			t.Errorf("%q: error %v does not name the line", bad, err)
		}
	}
}

// table runs the cases once and returns what is printed.
func table(t *testing.T, text string) (out string, succeeded bool) {
	t.Helper()
	cases, err := readCases(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, c := range cases {
			c.run()
		}
	}
	var b strings.Builder
	succeeded = printTable(&b, cases, 2)
	return b.String(), succeeded
}

func TestTable(t *testing.T) {
	in := filepath.Join(t.TempDir(), "in")
	if err := os.WriteFile(in, []byte(strings.Repeat("a\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, ok := table(t, "file cat "+in+"\nchain cat < "+in+" | cat | grep -c a\nnone no-such-program\n")
	if !ok {
		t.Errorf("failed:\n%s", out)
	}
	for _, want := range []string{
		`(?m)^ +wall s +cpu s +to file +to chain +peak MiB of each process$`,
		`(?m)^ +file +[0-9.]+ +[0-9.]+ +1\.00 +[0-9.]+ +<?[0-9.]+$`,
		`(?m)^ *chain +[0-9.]+ +[0-9.]+ +[0-9.]+ +1\.00 +<?[0-9.]+ \| <?[0-9.]+ \| <?[0-9.]+$`,
		`(?m)^none: left out: no-such-program is not installed$`,
	} {
		if !regexp.MustCompile(want).MatchString(out) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
}

func TestFailureIsNamed(t *testing.T) {
	for _, tc := range []struct{ line, want string }{
		{"a false", "a: failed: false: exit status 1"},
		{"a cat /no/such | wc", "/no/such"},
		{"a cat < /no/such", "/no/such"},
		{"a cat < /dev/zero | true", "cat: signal: broken pipe"},
	} {
		out, ok := table(t, tc.line)
		if ok || !strings.Contains(out, tc.want) {
			t.Errorf("%s: %q is not in\n%s", tc.line, tc.want, out)
		}
	}
}

func TestMedian(t *testing.T) {
	costs := []cost{{wall: 9}, {wall: 1}, {wall: 3}, {wall: 4}}
	if m := median(costs, func(c cost) time.Duration { return c.wall }); m != 3 {
		t.Errorf("median %d, want 3", m)
	}
}
