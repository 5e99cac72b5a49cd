package broker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/apparmor"
)

// A policy in which files are included by their own profile, by others only, by
// several on purpose, through an abstraction, and by nobody.
var policy = map[string]string{
	"foo":                 "profile foo /usr/sbin/foo { include if exists <local/usr.sbin.foo>\n }",
	"usr.sbin.foo":        "profile usr.sbin.foo { /x r, }",
	"usr.sbin.bar":        "profile /usr/sbin/bar { include <abstractions/deep> }",
	"bar":                 "profile bar { #include <local/bar>\n include <local/shared>\n }",
	"shared":              "profile shared { include <local/shared>\n }",
	"quiet":               "profile quiet { /x r, }",
	"copy":                "profile copy.bak { include <local/copy.bak>\n } profile copy { include <local/copy>\n }",
	"abstractions/deep":   "include <abstractions/deeper>\n",
	"abstractions/deeper": "include if exists <local/usr.sbin.bar>\n include if exists <local/quiet2>\n",
	"tunables/global":     "include if exists <local/tunables>\n",
	"tunables":            "include <tunables/global>\nprofile tunables { }",
	"disabled":            "profile disabled { include <local/disabled>\n }",
	"disable/disabled":    "",
	"quiet2":              "profile quiet2 { }",
}

// TestForeignFileIsRefused: a profile may write the files that it includes, and no
// file that others include and it does not.
func TestForeignFileIsRefused(t *testing.T) {
	tests := []struct{ profile, file, reason string }{
		{"foo", "usr.sbin.foo", ""},
		{"/usr/sbin/bar", "usr.sbin.bar", ""}, // through two abstractions
		{"bar", "bar", ""},
		{"shared", "shared", ""}, // on purpose, with bar
		{"quiet", "quiet", ""},   // takes no effect; a hint says so
		{"usr.sbin.foo", "", `included by the profile "foo"`},
		{"/usr/sbin/foo", "", `included by the profile "foo"`}, // the program's path is not the profile's name
		{"usr.sbin.bar", "", `included by the profile "/usr/sbin/bar"`},
		{"quiet2", "", `included by the profile "/usr/sbin/bar"`},
		{"nosuch", "", "/d has no such profile"},
		{"Foo", "", "/d has no such profile"},
		{"disabled", "", "/d has no such profile"},
		{"tunables", "", "included outside of all profiles, by tunables"},
		{"bar//kid", "", "child profile"},
		{":ns:bar", "", "in the name of its file"},
	}
	for _, test := range tests {
		d := lay(t, t.TempDir(), beside(policy))
		err := d.AddRule(rule(test.profile, "a=r;"))
		if test.reason == "" {
			if changes := d.run(nil); err != nil || len(changes) != 1 || changes[0].Name() != test.file {
				t.Errorf("%s: %v, %d changes, want the file %s", test.profile, err, len(changes), test.file)
			}
			continue
		}
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(r.Error(), test.reason) {
			t.Errorf("%s: got %v, want a refusal with %q", test.profile, err, test.reason)
		}
		if d.run(nil); len(names(t, d.path)) != 0 {
			t.Errorf("%s: wrote %q", test.profile, names(t, d.path))
		}
	}
}

// TestNewProfile: --new lets a profile in that the policy does not have, but never
// into the file of another.
func TestNewProfile(t *testing.T) {
	for profile, ok := range map[string]bool{"nosuch": true, "/usr/sbin/foo": false, "usr.sbin.foo": false, "/opt/new": true} {
		d := lay(t, t.TempDir(), func(o *Options) { beside(policy)(o); o.Targets[0].New = true })
		if err := d.AddRule(rule(profile, "a=r;")); (err == nil) != ok {
			t.Errorf("%s: %v", profile, err)
		}
	}
}

// TestUnreadProfiles: where a part of the policy could not be read nobody knows who
// includes a file that no known profile includes.
func TestUnreadProfiles(t *testing.T) {
	files := map[string]string{"a": "profile a { include <local/a>\n }", "b": "profile b { }", "c": "unread"}
	for profile, want := range map[string]string{"a": "", "b": "let it say: include if exists <local/b>", "c": "--new"} {
		d := lay(t, t.TempDir(), beside(files))
		err := d.AddRule(rule(profile, "a=r;"))
		var r *Refusal
		if errors.As(err, &r) != (want != "") || r != nil && !strings.Contains(r.Hint, want) {
			t.Errorf("%s: %v, want a refusal with the hint %q", profile, err, want)
		}
	}
}

// TestCopyIsNoOtherFile: the copy of one profile's file does not replace another's.
func TestCopyIsNoOtherFile(t *testing.T) {
	for _, profile := range []string{"copy", "copy.bak"} {
		d := lay(t, t.TempDir(), func(o *Options) { beside(policy)(o); o.Backup = ".bak" })
		if err := d.AddRule(rule(profile, "a=r;")); err == nil || !strings.Contains(err.Error(), "copy") {
			t.Errorf("%s: %v", profile, err)
		}
	}
}

// TestSharedFileIsGradedForAll: a rule in a file that several profiles include is
// as dangerous as for the one for which it is most.
func TestSharedFileIsGradedForAll(t *testing.T) {
	var asked []string
	d := lay(t, t.TempDir(), beside(policy))
	d.targets[0].lang = watched{toy{}, &asked}
	d.add("shared", "a=r;")
	d.plan()
	for _, profiles := range asked {
		if profiles != "bar shared" {
			t.Errorf("graded for %q", asked)
		}
	}
	if len(asked) < 2 {
		t.Errorf("graded %d times, want the rule and what stands in the end", len(asked))
	}
}

// watched is a language that says for which profiles it was asked.
type watched struct {
	language
	asked *[]string
}

func (w watched) grade(profiles, rules []string) ([]grade, error) {
	*w.asked = append(*w.asked, strings.Join(profiles, " "))
	return w.language.grade(profiles, rules)
}

// TestGradedForTheStrictest: of the profiles that get a rule the strictest counts.
func TestGradedForTheStrictest(t *testing.T) {
	const text = `"/usr/bin/id" Px -> "loose",`
	place := apparmor.NewPlace(nil, nil, []apparmor.Profile{{Name: "a"}, {Name: "loose", Flags: []string{"unconfined"}}})
	one, err := additions{place}.grade([]string{"a"}, []string{text})
	if err != nil {
		t.Fatal(err)
	}
	both, err := additions{place}.grade([]string{"a", "b"}, []string{text})
	if err != nil || both[0].danger < one[0].danger {
		t.Errorf("%v, %v, %v", one, both, err)
	}
}

// TestScratchFolderIsBounded: a folder in no policy takes 1000 files, in one run and
// in several, and in time that grows with their number.
func TestScratchFolderIsBounded(t *testing.T) {
	run := func(folder string, from, to, there int) (refused int) {
		d := lay(t, folder, func(o *Options) { o.Targets[0].Files = there })
		for i := from; i < to; i++ {
			if err := d.AddRule(rule(fmt.Sprintf("/usr/bin/p%d", i), "a=r;")); err != nil {
				if !strings.Contains(err.Error(), "1000 files") {
					t.Fatal(err)
				}
				refused++
			}
		}
		changes, more, err := d.Plan()
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Commit(changes, nil); err != nil {
			t.Fatal(err)
		}
		d.die()
		return refused + len(more)
	}
	folder := t.TempDir()
	start := time.Now()
	if refused := run(folder, 0, 20000, 0); refused != 19000 || len(names(t, folder)) != 1000 {
		t.Errorf("%d refused, %d files", refused, len(names(t, folder)))
	}
	if refused := run(folder, 990, 1010, 1000); refused != 10 || len(names(t, folder)) != 1000 {
		t.Errorf("a second run: %d refused, %d files", refused, len(names(t, folder)))
	}
	other := t.TempDir()
	if refused := run(other, 0, 600, 0) + run(other, 600, 1200, 600); refused != 200 || len(names(t, other)) != 1000 {
		t.Errorf("in two runs: %d refused, %d files", refused, len(names(t, other)))
	}
	t.Logf("22420 profiles, 2000 files in %v", time.Since(start))
}

// TestManyFilesInTime: the time to replace files does not grow by the square of
// their number, which took 6 s for as many.
func TestManyFilesInTime(t *testing.T) {
	all := make([]replacement, 10000)
	for i := range all {
		all[i].file = file{1, fmt.Sprintf("p%d", i), "p"}
	}
	least := time.Hour
	for range 5 {
		start := time.Now()
		if err := replaceAll(nowhere{}, all); err != nil {
			t.Fatal(err)
		}
		least = min(least, time.Since(start))
	}
	t.Logf("10000 files in %v", least)
	if least > time.Second {
		t.Errorf("10000 files take %v, without the disk", least)
	}
}

// nowhere is a system in which no file exists and every call works.
type nowhere struct{ system }

func (nowhere) openat(_ int, _ string, flags int, _ uint32) (int, error) {
	if flags&unix.O_CREAT == 0 {
		return -1, unix.ENOENT
	}
	return 3, nil
}
func (nowhere) close(int) error                           { return nil }
func (nowhere) write(_ int, p []byte) (int, error)        { return len(p), nil }
func (nowhere) fchmod(int, uint32) error                  { return nil }
func (nowhere) fsync(int) error                           { return nil }
func (nowhere) renameat2(int, string, string, uint) error { return nil }

// TestNamesThatAreOne: on a file system that ignores case two names are one file.
func TestNamesThatAreOne(t *testing.T) {
	d := lay(t, t.TempDir(), nil)
	d.add("/usr/bin/p", "a=r;")
	if err := d.AddRule(rule("/usr/bin/P", "a=w;")); err == nil || !strings.Contains(err.Error(), "but for the case") {
		t.Errorf("got %v", err)
	}
}

// TestNoRuleInAnotherTarget: a profile that is called like the firewall file beside
// its own does not write into it.
func TestNoRuleInAnotherTarget(t *testing.T) {
	folder := t.TempDir()
	d := lay(t, folder, func(o *Options) {
		o.Targets = append(o.Targets, Target{Folder: o.Targets[0].Folder, Path: filepath.Join(folder, "x.nft"), Name: "x.nft", Syntax: "nft"})
	})
	if err := d.AddRule(rule("x.nft", "a=r;")); err == nil || !strings.Contains(err.Error(), "another target") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(folder, "x.nft")); err == nil {
		t.Error("written")
	}
}
