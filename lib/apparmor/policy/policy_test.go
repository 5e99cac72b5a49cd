package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/apparmor"
)

// A small policy with everything that a big one has.
var small = map[string]string{
	"tunables/global": "include <tunables/home>\n@{exec}=/usr/{bin,sbin}\n@{exec}+=/opt/bin\n@{deep}=@{exec}/deep /other\n$LOUD=true\nalias /old/ -> /new/,\n",
	"tunables/home":   "@{HOME}=/home/*/ /root/\n",
	"usr.sbin.one": `abi <abi/3.0>,
include <tunables/global>
profile one @{exec}/one flags=(complain, attach_disconnected) {
  include <abstractions/base>
  include if exists <local/other>
  include if exists <local/usr.sbin.one>
  include if exists <nosuch>
  @{HOME}/.one r,
  @{deep}/x r,
  /old/file r,
  if $LOUD {
    /loud r,
  } else {
    /quiet r,
  }
  priority=5 /high r,
  deny /high r,
  some new rule,
  capability net_admin,
  mqueue (read) type=posix /q,
  io_uring sqpoll,
  userns create,
  set rlimit nofile <= 1024,
  change_profile -> two,
  /bin/two Px,
  ^HAT {
    /hat r,
  }
  profile kid /bin/kid {
    /kid r,
  }
}
`,
	"two":                            "/bin/{two,deux} { /a r, }\nprofile \"with blank\" /srv/**/x { }\nprofile unattached { all, }\nprofile longer /srv/long/** { }\n",
	"abstractions/base":              "/base r,\ninclude <abstractions/folder>\n",
	"abstractions/folder/a":          "/in/folder r,\n",
	"abstractions/folder/b":          "/in/folder2 r,\n",
	"abstractions/folder/c.dpkg-old": "/in/nothing r,\n",
	"local/usr.sbin.one":             "/local r,\n",
	"local/other":                    "/other r,\n",
	"off":                            "profile off { /a r, }\n",
	"disable/off":                    "",
	"README":                         "profile readme { }\n",
	"half":                           "profile half { /a r,\n  /b r\n",
}

func TestProfiles(t *testing.T) {
	p := New("/d/", small)
	for name, want := range map[string]*Profile{
		"one":              {Attachment: "{/usr/{bin,sbin}/one,/opt/bin/one}", Flags: []string{"complain", "attach_disconnected"}, Local: "local/usr.sbin.one", Place: Place{"/d/usr.sbin.one", 3}},
		"one//HAT":         {Place: Place{"/d/usr.sbin.one", 26}},
		"one//kid":         {Attachment: "/bin/kid", Place: Place{"/d/usr.sbin.one", 29}},
		"/bin/{two,deux}":  {Attachment: "/bin/{two,deux}", Place: Place{"/d/two", 1}},
		"with blank":       {Attachment: "/srv/**/x", Place: Place{"/d/two", 2}},
		"unattached":       {Place: Place{"/d/two", 3}},
		"half":             {Place: Place{"/d/half", 1}},
		"off":              nil, // switched off
		"readme":           nil,
		"nosuch":           nil,
		"one//nosuch":      nil,
		"abstractions/one": nil,
	} {
		got := p.Profile(name)
		switch {
		case got == nil || want == nil:
			if got != nil || want != nil {
				t.Errorf("%s: %v", name, got)
			}
		case got.Name != name || got.Attachment != want.Attachment || got.Local != want.Local || got.Place != want.Place || !slices.Equal(got.Flags, want.Flags):
			t.Errorf("%s: %q at %s, attached to %q, flags %q, local %q", name, got.Name, got.Place, got.Attachment, got.Flags, got.Local)
		}
	}
	for program, want := range map[string]string{
		"/usr/bin/one": "one", "/usr/sbin/one": "one", "/opt/bin/one": "one", "/bin/one": "",
		"/bin/deux": "/bin/{two,deux}", "/bin/kid": "", // a child is no profile for a program that others run
		"/srv/a/b/x": "with blank", "/srv/long/x": "longer", "/srv/x": "", "unattached": "unattached",
	} {
		got := ""
		if profile := p.Attached(program); profile != nil {
			got = profile.Name
		}
		if got != want {
			t.Errorf("%s: profile %q, want %q", program, got, want)
		}
	}
}

// Each answer names the rule by file and line.
func TestAnswers(t *testing.T) {
	p := New("/d", small)
	for _, c := range []struct{ profile, question, want string }{
		{"one", `"/base" r,`, `allowed by "/base r," at /d/abstractions/base:1`},
		{"one", `"/base" w,`, `open`},
		{"one", `"/in/folder2" r,`, `allowed by "/in/folder2 r," at /d/abstractions/folder/b:1`},
		{"one", `"/in/nothing" r,`, `open`},
		{"one", `"/local" r,`, `allowed by "/local r," at /d/local/usr.sbin.one:1`},
		{"one", `"/home/u/.one" r,`, `allowed by "@{HOME}/.one r," at /d/usr.sbin.one:8`},
		{"one", `"/home/u/v/.one" r,`, `open`},
		{"one", `"@{HOME}/.one" r,`, `allowed by "@{HOME}/.one r," at /d/usr.sbin.one:8`},
		{"one", `"/opt/bin/deep/x" r,`, `allowed by "@{deep}/x r," at /d/usr.sbin.one:9`},
		{"one", `"/new/file" r,`, `allowed by "/old/file r," at /d/usr.sbin.one:10`},
		{"one", `"/loud" r,`, `allowed by "/loud r," at /d/usr.sbin.one:12`},
		{"one", `"/quiet" r,`, `open`},
		{"one", `"/high" r,`, `allowed by "priority=5 /high r," at /d/usr.sbin.one:16`},
		{"one", `capability net_admin,`, `allowed by "capability net_admin," at /d/usr.sbin.one:19`},
		{"one", `mqueue (read) type=posix "/q",`, `allowed by "mqueue (read) type=posix /q," at /d/usr.sbin.one:20`},
		{"one", `mqueue (read, write) type=posix "/q",`, `open`},
		{"one", `io_uring (sqpoll),`, `allowed by "io_uring sqpoll," at /d/usr.sbin.one:21`},
		{"one", `io_uring (override_creds) label="x",`, `open`},
		{"one", `userns create,`, `allowed by "userns create," at /d/usr.sbin.one:22`},
		{"one", `set rlimit nofile <= 512,`, `allowed by "set rlimit nofile <= 1024," at /d/usr.sbin.one:23`},
		{"one", `set rlimit nofile <= 2048,`, `open`},
		{"one", `change_profile -> "two",`, `allowed by "change_profile -> two," at /d/usr.sbin.one:24`},
		{"one", `"/bin/two" Px,`, `allowed by "/bin/two Px," at /d/usr.sbin.one:25`},
		{"one", `"/bin/two" ix,`, `allowed by "/bin/two Px," at /d/usr.sbin.one:25`}, // how it is run is settled
		{"one", `"/hat" r,`, `open`},
		{"one//HAT", `"/hat" r,`, `allowed by "/hat r," at /d/usr.sbin.one:27`},
		{"one//kid", `"/kid" r,`, `allowed by "/kid r," at /d/usr.sbin.one:30`},
		{"unattached", `capability sys_admin,`, `allowed by "all," at /d/two:3`},
		{"half", `"/a" r,`, `allowed by "/a r," at /d/half:1`},
	} {
		rule, err := apparmor.Parse(c.question)
		if err != nil {
			t.Fatal(err)
		}
		d := p.Profile(c.profile).Decide(rule)
		got := [...]string{"open", "allowed", "denied"}[d.State]
		for _, by := range d.By {
			got += ` by "` + by.Text + `" at ` + by.Place.String()
		}
		if got != c.want {
			t.Errorf("%s: %s is %s, want %s", c.profile, c.question, got, c.want)
		}
	}
}

// What is not understood is stepped over, and said: with its place.
func TestProblems(t *testing.T) {
	p := New("/d", small, "/d/secret: left out: cannot be read")
	p.Profile("one")
	p.Profile("half")
	got := p.Problems()
	want := []string{
		"/d/half:3: { without }", "/d/secret: left out: cannot be read",
		`/d/usr.sbin.one:18: stepped over "some new rule,": unknown rule`,
	}
	for i := range got {
		got[i] = strings.TrimSuffix(got[i], "\n")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// However long a statement is, what is said of it fits into a line of the stream.
func TestLongStatements(t *testing.T) {
	long := strings.Repeat("\x01frob", 1<<15)
	p := New("/d", map[string]string{"p": "profile p {\n " + long + " rZ,\n /" + long + " rZ,\n include <" + long + ">\n if " + long + " { }\n /" + long + "{,*} r,\n}\n"})
	rule := apparmor.Rule{Body: apparmor.Capability{Name: "chown"}}
	profile := p.Profile("p")
	profile.Decide(rule)
	if got := p.Problems(); len(got) < 4 || len(strings.Join(got, "")) > 1100*len(got) {
		t.Errorf("%d problems of %d bytes", len(got), len(strings.Join(got, "")))
	}
	path, err := apparmor.Literal("/" + strings.ReplaceAll(long, "\x01", "x")[:2000])
	if err != nil {
		t.Fatal(err)
	}
	other := New("/d", map[string]string{"p": "profile p { " + path.String() + " r, }"}).Profile("p")
	d := other.Decide(apparmor.Rule{Body: apparmor.File{Path: path, Access: apparmor.Read}})
	if d.State != Allowed || len(d.By[0].Text) > 1100 {
		t.Errorf("%d by %d bytes", d.State, len(d.By[0].Text))
	}
}
