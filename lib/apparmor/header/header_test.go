package header

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestScan(t *testing.T) {
	const text = `# comment { with "
abi <abi/3.0>,
include <tunables/global>
@{X} = /a "/b c" \
  /d # end
@{X} += /e
$flag = true
alias /old/ -> /new/,
profile one /usr/bin/{a,b} flags=(complain, attach_disconnected) {
  #include <abstractions/base>
  include if exists <local/one>	# twice
  /etc/x r, include "/etc/apparmor.d/local/behind"
  /a{,b}/** rw,
  deny /x{y r,
  owner { /z r, include <local/owner> }
  if $flag { include <local/if> } else { include <local/else> }
  signal (send, receive) set=(term) peer=foo{a,b},
  dbus send bus=session peer=(name=a, label="b c"),
  mount options in (rw, ro) -> /mnt/{a,b}/,
  ^hat (complain) { include <local/hat> }
  profile kid /bin/kid { }
  hat other { }
  @{X}/file r,
  /bin/x Px -> two,
}
profile "two words" "/opt/a b" { capability, }
/usr/bin/old (complain) { network inet, }
profile xattrs /bin/x xattrs=(user.a="{b}" user.c=d) flags=(unconfined) { userns, }
profile three{ }
`
	f := Scan([]byte(text))
	var got []string
	var show func(p Profile, indent string)
	show = func(p Profile, indent string) {
		line := indent + p.Name + "|" + p.Attachment + "|" + strings.Join(p.Flags, " ")
		if p.Hat {
			line += "|hat"
		}
		for _, i := range p.Includes {
			line += "|" + i.Path
			if !strings.HasPrefix(strings.TrimPrefix(text[i.Offset:], "#"), "include") {
				t.Errorf("include %q at %d", i.Path, i.Offset)
			}
		}
		got = append(got, line)
		if text[p.Start-1] != '{' || text[p.End] != '}' {
			t.Errorf("%s: the block is %q", p.Name, text[p.Start:p.End])
		}
		for _, c := range p.Children {
			show(c, indent+" ")
		}
	}
	for _, p := range f.Profiles[:min(4, len(f.Profiles))] {
		show(p, "")
	}
	want := []string{
		"one|/usr/bin/{a,b}|complain attach_disconnected|abstractions/base|local/one|/etc/apparmor.d/local/behind|local/owner|local/if|local/else",
		" one//hat||complain|hat|local/hat",
		" one//kid|/bin/kid|",
		" one//other|||hat",
		"two words|/opt/a b|",
		"/usr/bin/old|/usr/bin/old|complain",
		"xattrs|/bin/x|unconfined",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Variable{{"X", []string{"/a", "/b c", "/d"}, false}, {"X", []string{"/e"}, true}}, f.Variables); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]Alias{{"/old/", "/new/"}}, f.Aliases); d != "" {
		t.Error(d)
	}
	if len(f.Includes) != 1 || f.Includes[0].Path != "tunables/global" {
		t.Errorf("%v", f.Includes)
	}
}

// TestScanCompact: a header ends where the parser ends it, however it is written.
func TestScanCompact(t *testing.T) {
	for _, text := range []string{
		"profile x /b flags=(complain){/a{b,c} r,}", "profile x /b (complain) {capability,}", "/b (complain) {capability,}", "/b flags=(complain) {owner /a{b,c} r,}",
		`"/b" (complain) {capability,}`, "abi <abi/3.0>, /b (complain) { }", `profile x /b xattrs=(user.a="{ flags=(x) }") flags=(complain) { }`,
		"profile y { /x Px -> {a,b}, signal peer={a,b}, }\n/b (complain) { }", "profile x /b flags=(complain) {^h {/a r,}}", "profile {x,y} /b flags=(complain) { }",
	} {
		f := Scan([]byte(text))
		var found []Profile
		for _, p := range f.Profiles {
			if p.Attachment == "/b" && slices.Contains(p.Flags, "complain") {
				found = append(found, p)
			}
		}
		if len(found) != 1 || f.Problem != "" {
			t.Errorf("%s: %+v, problem %q", text, f.Profiles, f.Problem)
		}
	}
}

// TestVariablesOfIncludes: what an included file adds to a variable is a value of it.
func TestVariablesOfIncludes(t *testing.T) {
	p := New("/d", map[string][]byte{
		"tunables/run": []byte("@{run}=/run/"), "site/more": []byte("@{run}+=/etc/"), "x": []byte("include <tunables/run>\ninclude <site/more>\nprofile x { }"),
		"site/old~": []byte("@{run}+=/old/\nalias /a/ -> /c/,\n"), "site/alias": []byte("alias /a/ -> /b/,\n"),
	})
	if d := cmp.Diff([]Alias{{"/a/", "/b/"}}, p.Aliases()); d != "" {
		t.Error(d)
	}
	v := p.Variables()
	if d := cmp.Diff([]string{"/etc/", "/run/"}, v["run"]); d != "" {
		t.Error(d)
	}
}

// What cannot be followed is named, so that nobody takes it for read.
func TestProblem(t *testing.T) {
	for _, text := range []string{"profile a {", "}", `profile "a { }`, "profile a { /x r }", "profile a { /x", "include", strings.Repeat("profile a { ", 50)} {
		if Scan([]byte(text)).Problem == "" {
			t.Errorf("%q: no problem", text)
		}
	}
	for _, text := range []string{"", "# }", "profile a { }", "profile a { /x r, # }\n}\n"} {
		if p := Scan([]byte(text)).Problem; p != "" {
			t.Errorf("%q: %s", text, p)
		}
	}
}

func TestPolicy(t *testing.T) {
	p := New("/d", map[string][]byte{
		"tunables/global": []byte("include <tunables/home>\n@{bin}=/usr/bin /bin\n"),
		"tunables/home":   []byte("@{HOMEDIRS}=/home/\n@{HOME}=@{HOMEDIRS}*/ /root/\n"),
		"abstractions/x":  []byte("include if exists <local/shared>\n"),
		"nscd":            []byte("profile nscd /usr/sbin/nscd { include if exists <local/usr.sbin.nscd>\n }"),
		"own":             []byte("include <tunables/global>\n@{bin}/own { #include <local/usr.bin.own>\n include \"/d/local/q\"\n profile kid { include <local/kid> }\n }"),
		"far":             []byte("profile far { include <abstractions/x>\n }"),
		"folder":          []byte("profile folder { include <local>\n }"),
		"odd":             []byte("profile odd { include <local/../local/odd>\n }"),
		"unread":          nil,
		"off":             []byte("profile off { include <local/off>\n }"),
		"disable/off":     nil,
	})
	var names []string
	for _, profile := range p.Profiles() {
		names = append(names, profile.File+": "+profile.Name)
	}
	if d := cmp.Diff([]string{"far: far", "folder: folder", "nscd: nscd", "odd: odd", "own: {/usr/bin,/bin}/own", "own: {/usr/bin,/bin}/own//kid"}, names); d != "" {
		t.Error(d)
	}
	homes, err := Expand("@{HOME}/x", p.Variables())
	if d := cmp.Diff([]string{"/home/*//x", "/root//x"}, homes); d != "" || err != nil {
		t.Error(d, err)
	}
	for file, want := range map[string][]string{
		"local/shared": {"far", "folder", "unread"},
		"local/odd":    {"folder", "odd", "unread"},
		"local/q":      {"folder", "own", "unread"},
		"local/none":   {"folder", "unread"},
		"tunables/x":   {"unread"},
	} {
		if got := p.Includers(file); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", file, got, want)
		}
	}
}

// TestProfilesOfIncludes: a profile that stands in an included file is one of those that
// the file makes, and a child where the include stands in a profile.
func TestProfilesOfIncludes(t *testing.T) {
	p := New("/d", map[string][]byte{
		"a":                   []byte("include <sub>\ninclude \"more/c\"\nprofile a { include <abstractions/kids>\n ^h { include \"/d/local/a\" } }"),
		"sub/b":               []byte("profile b /usr/bin/b flags=(unconfined) { }\ninclude <sub>\n"),
		"sub/b~":              []byte("profile no { }"),
		"more/c":              []byte("profile c { profile d { } }"),
		"more/unused":         []byte("profile no2 { }"),
		"abstractions/kids":   []byte("include <abstractions/deeper>\n"),
		"abstractions/deeper": []byte("profile kid /usr/bin/kid* flags=(unconfined) { }\n^hat { }"),
		"local/a":             []byte("profile handmade { }"),
		"sub/":                []byte{},
	})
	var names []string
	for _, profile := range p.Profiles() {
		if profile.File != "a" {
			t.Errorf("%s is of the file %s", profile.Name, profile.File)
		}
		if !slices.Contains(names, profile.Name) {
			names = append(names, profile.Name)
		}
	}
	slices.Sort(names)
	again := []byte("profile x { include <again> }\nprofile y { include <again> }\n")
	if n := len(New("/d", map[string][]byte{"x": again, "again/1": again, "again/2": again}).Profiles()); n > 1<<18 {
		t.Errorf("%d profiles of files that include themselves", n)
	}
	if d := cmp.Diff([]string{"a", "a//h", "a//h//handmade", "a//hat", "a//kid", "b", "c", "c//d"}, names); d != "" {
		t.Error(d)
	}
}

func TestExpandEnds(t *testing.T) {
	many := slices.Repeat([]string{"x"}, 100)
	for _, v := range []map[string][]string{{}, {"A": {"@{A}"}}, {"A": {"@{B}@{B}@{B}"}, "B": many}} {
		if got, err := Expand("/@{A}", v); err == nil {
			t.Errorf("%v: %d texts", v, len(got))
		}
	}
}

// The profiles of the policy installed here are those that apparmor_parser names.
func TestNamesAgreeWithParser(t *testing.T) {
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed: ", err)
	}
	read := func(dir string) map[string][]byte {
		files := make(map[string][]byte)
		_ = filepath.WalkDir(dir, func(file string, e os.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				name, _ := filepath.Rel(dir, file)
				files[name], _ = os.ReadFile(file)
			}
			return nil
		})
		return files
	}
	const dir = "/etc/apparmor.d"
	count := 0
	for _, from := range []string{dir, "/usr/share/apparmor/extra-profiles"} {
		files := read(dir)
		maps.DeleteFunc(files, func(name string, _ []byte) bool { return !strings.Contains(name, "/") })
		maps.Copy(files, read(from))
		p := New(dir, files)
		names := make(map[string][]string)
		for _, profile := range p.Profiles() {
			names[profile.File] = append(names[profile.File], profile.Name)
		}
		for name, got := range names {
			out, err := exec.Command("apparmor_parser", "-N", "-K", "-q", "--base", dir, "--config-file", "/dev/null", filepath.Join(from, name)).Output()
			if err != nil {
				continue // not a profile of this parser
			}
			want := strings.Split(strings.TrimSpace(string(out)), "\n")
			slices.Sort(got)
			slices.Sort(want)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%s/%s: %s", from, name, d)
			}
			if problem := p.files[name].Problem; problem != "" {
				t.Errorf("%s/%s: %s", from, name, problem)
			}
			count += len(got)
		}
	}
	if count == 0 {
		t.Skip("no profile is installed in ", dir)
	}
	t.Logf("%d profiles", count)
}

func FuzzScan(f *testing.F) {
	f.Add([]byte("profile a /b flags=(complain) { include <local/a>\n ^h { /x{a,b} r, } }"))
	f.Add([]byte("@{X} = a \\\n b\n\"q\" { if $x { } else { } }"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file := Scan(text)
		var check func(list []Profile, start, end int)
		check = func(list []Profile, start, end int) {
			for _, p := range list {
				if p.Start < start || p.End < p.Start || p.End > end {
					t.Fatalf("%q: the block %d to %d is not within %d to %d", p.Name, p.Start, p.End, start, end)
				}
				check(p.Children, p.Start, p.End)
				start = p.End
			}
		}
		check(file.Profiles, 0, len(text))
		for _, i := range file.Includes {
			if i.Offset >= len(text) {
				t.Fatalf("include at %d of %d", i.Offset, len(text))
			}
		}
	})
}
