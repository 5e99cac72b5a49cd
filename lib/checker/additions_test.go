package checker

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

func TestAdditions(t *testing.T) {
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed: ", err)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	files := map[string]string{
		"cups":   "profile cups /usr/sbin/cupsd {\n  /var/x r,\n  #include <local/usr.sbin.cupsd>\n}\n",
		"other":  "profile other /usr/bin/other {\n  include if exists <local/usr.sbin.cupsd> # twice\n  ^hat {\n  }\n}\n",
		"broken": "profile broken /usr/bin/broken {\n  nonsense\n  include if exists <local/usr.sbin.cupsd>\n}\n",
	}
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct{ name, text, says string }{
		{"empty", "", ""},
		{"rules", "# by hand\n  \"/etc/x\" r,\n  capability sys_time,\n", ""},
		{"no rule", "nonsense\n", "syntax error"},
		{"two profiles", "/a r,\n}\nprofile evil {\n/b r,", `a profile of its own, "evil"`},
		{"an open brace", "profile x {\n", "syntax error"},
		{"an undeclared variable", "@{NONE}/x r,\n", "NONE"},
		{"a hat", "^hat {\n}\n", "in cups the file changes which profiles there are"},
		{"a child profile", "profile child {\n}\n", "in cups the file changes which profiles there are"},
		{"a missing include", "include <nonesuch>\n", "nonesuch"},
	} {
		err := Check(Candidate{Lang: record.AppArmor, Name: "usr.sbin.cupsd", Text: []byte(test.text)})
		var r *Refusal
		switch {
		case test.says == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.says != "" && (!errors.As(err, &r) || !strings.Contains(r.Says, test.says)):
			t.Errorf("%s: %v; want %q", test.name, err, test.says)
		}
	}
	// a hat that was there before is nobody's business
	hat := []byte("^mine {\n}\n")
	if err := Check(Candidate{Lang: record.AppArmor, Name: "usr.sbin.cupsd", Old: hat, Text: append(hat, "/x r,\n"...)}); err != nil {
		t.Error(err)
	}
	for name, text := range files {
		if now, err := os.ReadFile(name); err != nil || string(now) != text {
			t.Errorf("%s has changed: %v", name, err)
		}
	}
}

func TestInclude(t *testing.T) {
	for line, want := range map[string]bool{
		"  include <local/a.b>":             true,
		"#include <local/a.b>":              true,
		"\tinclude if exists <local/a.b>  ": true,
		`include "local/a.b"`:               true,
		"# include <local/a.b>":             false,
		"include <local/aXb>":               false,
		"include <local/a.b.c>":             false,
		"/x r, include <local/a.b>":         false,
	} {
		if got := include("a.b").MatchString("profile x {\n" + line + "\n}\n"); got != want {
			t.Errorf("%q: %v", line, got)
		}
	}
}

func TestMissing(t *testing.T) {
	if _, err := run(nil, "no-such-program"); !errors.Is(err, ErrMissing) {
		t.Errorf("%v", err)
	}
	if err := Check(Candidate{Lang: record.Netfilter, Syntax: "none"}); err == nil {
		t.Error("a syntax that nobody knows was checked")
	}
}
