package apparmor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// canonical is one text for each form that a rule can have. parser is the first
// version of apparmor_parser that takes it.
var canonical = []struct {
	text   string
	parser int
}{
	{`"/etc/passwd" r,`, 3},
	{`"/a" rw,`, 3},
	{`"/a" ra,`, 3},
	{`"/a" rwklm,`, 3},
	{`"/a b\"c\134d\*\?\[\]\{\}@\{HOME\},#^$.é" r,`, 3},
	{`"/\377" w,`, 3},
	{`"/ends in a backslash\134" r,`, 3},
	{`"@{PROC}/@{pid}/status" r,`, 3},
	{`"/var/log/*" a,`, 3},
	{`"/srv/**" r,`, 3},
	{`owner "/tmp/sensors.??????" w,`, 3},
	{`owner "/home/u/f" rwk,`, 3},
	{`"/bin/sh" rmix,`, 3},
	{`"/bin/sh" Px,`, 3},
	{`"/bin/sh" Cx -> "kid",`, 3},
	{`"/bin/sh" pix -> "other//kid",`, 3},
	{`"/bin/sh" Ux,`, 3},
	{`deny "/bin/sh" x,`, 3},
	{`audit deny owner "/a" rw,`, 3},
	{`audit allow "/a" r,`, 3},
	{`allow "/a" r,`, 3},
	{`link "/new" -> "/old",`, 3},
	{`owner link "/new" -> "/old",`, 3},
	{`capability sys_nice,`, 3},
	{`capability checkpoint_restore,`, 3},
	{`network inet stream,`, 3},
	{`network packet raw,`, 3},
	{`network (create) inet stream,`, 4},
	{`network (bind, create) inet6 dgram ip=::ffff:127.0.0.1,`, 4},
	{`network (listen) inet6 stream port=143,`, 4},
	{`network (receive, send) inet stream ip=192.168.10.3 port=50758 peer=(ip=54.153.70.241 port=443),`, 4},
	{`network (connect) inet6 dgram peer=(ip=fd74::cf32),`, 4},
	{`unix (create) type=stream,`, 3},
	{`unix (bind) type=stream addr="@abs",`, 3},
	{`unix (connect, receive, send) type=stream peer=(label="/label", addr="@x y"),`, 3},
	{`unix (connect) type=dgram addr="none" peer=(addr="@x"),`, 3},
	{`unix (send) type=dgram addr="auto" peer=(addr="auto"),`, 3},
	{`unix (bind) type=stream addr="@padn\000*",`, 3},
	{`unix (bind) type=stream addr="@a\351\001b\000\000",`, 3},
	{`unix (receive) type=seqpacket peer=(label="a//b"),`, 3},
	{`signal (send) set=(term) peer="unconfined",`, 3},
	{`signal (receive) set=(exists, term, rtmin+0, rtmin+4, rtmin+32) peer="a b",`, 3},
	{`ptrace (read, trace) peer="/usr/bin/x",`, 3},
	{`ptrace (readby, tracedby) peer="x",`, 3},
	{`mount fstype=ext4 options=(nosuid, rw) "/dev/sda1" -> "/mnt/",`, 3},
	{`mount options=(remount, ro) -> "/mnt/",`, 3},
	{`mount fstype=fuse.sshfs options=(rw) "u@h:" -> "/mnt/a b/",`, 3},
	{`mount options=(rbind) "/a/" -> "/mnt/",`, 3},
	{`mount options=(move) "/a/" -> "/mnt/",`, 3},
	{`mount options=(move) "" -> "/mnt/",`, 3},
	{`mount fstype=tmpfs options=(rw) "" -> "/mnt/",`, 3},
	{`mount fstype=tmpfs options=(nosymfollow, rw) "tmpfs" -> "/mnt/",`, 4},
	{`mount options=(rprivate, silent) -> "/mnt/",`, 3},
	{`umount "/mnt/",`, 3},
	{`pivot_root oldroot="/new/old/" "/new/",`, 3},
	{`change_profile -> "other",`, 3},
	{`change_profile -> "&other",`, 3},
	{`change_profile -> "/usr/sbin/php-fpm8.4//ttrss",`, 3},
	{`dbus (send) bus=session path="/o/f/DBus" interface="o.f.DBus" member="Hello" peer=(name="o.f.DBus", label="unconfined"),`, 3},
	{`dbus (receive, send) bus=system path="/" interface="a.b" member="M" peer=(label="l"),`, 3},
	{`dbus (send) bus=system path="/" interface="a.b" member="M" peer=(name=":1.*"),`, 3},
	{`dbus (receive) bus=system path="/" interface="a.b" member="M",`, 3},
	{`dbus (bind) bus=system name="com.example.Test",`, 3},
	{`dbus (eavesdrop) bus=session,`, 3},
	{`mqueue (create, read) type=posix "/q",`, 4},
	{`mqueue (getattr) type=posix,`, 4},
	{`mqueue (write) type=sysv "123",`, 4},
	{`io_uring (sqpoll),`, 4},
	{`io_uring (override_creds) label="/root/x",`, 4},
	{`userns create,`, 4},
	{`set rlimit nofile <= 4096,`, 3},
	{`set rlimit core <= infinity,`, 3},
}

func TestCanonicalTexts(t *testing.T) {
	for _, c := range canonical {
		r, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := r.Text(); got != c.text {
			t.Errorf("text %q, want %q", got, c.text)
		}
		if err := r.Check(); err != nil {
			t.Errorf("%s: %v", c.text, err)
		}
		if got := r.Parser(); got != c.parser {
			t.Errorf("%s: parser %d, want %d", c.text, got, c.parser)
		}
		if attrs := Attrs(r); attrs[0].Name != "class" || attrs[0].Text != r.Body.Class().String() {
			t.Errorf("%s: attributes %v", c.text, attrs)
		}
		if level, why := Danger(r); level > 10 || why == "" {
			t.Errorf("%s: danger %d %q", c.text, level, why)
		}
	}
}

// What is not exactly one canonical rule is refused.
func TestParseRefuses(t *testing.T) {
	for _, text := range []string{
		"", ",", " ", "\n", "}", "#", `"/a" r`, `"/a" r,,`, ` "/a" r,`, `"/a" r, `, "\"/a\" r,\n", `"/a"  r,`, "\"/a\"\tr,",
		`"/a" r, "/b" w,`, "\"/a\" r,\n\"/b\" w,", `"/tmp/x" r, /** rwlkm,`, `"/a" r, # comment`, `"/a" r, include <local/x>`,
		`include "/etc/passwd"`, `#include <tunables/global>`, `} profile evil { file,`, `/a r,`, `file,`, `file "/a" r,`,
		`"/a" rr,`, `"/a" wr,`, `"/a" wa,`, `"/a" aw,`, `"/a" x,`, `"/a" rx,`, `"/a" RW,`, `"/a" r w,`, `"/a" z,`, `"/a" ,`, `"" r,`,
		`"a" r,`, `"/a//b" r,`, `"//a" r,`, `"/a*b` + "\x00" + `" r,`, "\"/a\nb\" r,", "\"/a\u202eb\" r,", "\"/a\u009bb\" r,",
		"\"/a\xffb\" r,", `"/a\nb" r,`, `"/a\012b" r,`, `"/a\\b" r,`, `"/a\" r,`, `"/a\x41" r,`, `"/a\101" r,`, `"/\303\251" r,`,
		`"/a[b]" r,`, `"/{a,b}" r,`, `"/a***" r,`, `"/a@{" r,`, `"/@{}" r,`, `"/@{1}" r,`, `"/@{a b}" r,`, `"/\@" r,`,
		`deny "/a" ix,`, `deny audit "/a" r,`, `audit audit "/a" r,`, `owner owner "/a" r,`, `allow deny "/a" r,`,
		`owner capability kill,`, `owner network inet stream,`, `other "/a" r,`, `priority=5 "/a" r,`,
		`"/a" ix -> "b",`, `"/a" ux -> "b",`, `"/a" Px -> b,`, `"/a" Px -> "b*",`, `"/a" Px -> ":ns:b",`, `"/a" Px -> "&b",`,
		`"/a" Px -> "",`, `"/a" r -> "b",`, `"/a" Px -> "@{X}",`,
		`link "/a",`, `link subset "/a" -> "/b",`, `link "/a" -> "b",`,
		`capability,`, `capability kill chown,`, `capability KILL,`, `capability nosuch,`, `capability "kill",`,
		`network,`, `network inet,`, `network tcp,`, `network inet stream tcp,`, `network inet nosuch,`, `network nosuch stream,`,
		`network () inet stream,`, `network (create,) inet stream,`, `network (create,bind) inet stream,`, `network (create, bind) inet stream,`,
		`network (bind, bind) inet stream,`, `network inet stream ip=1.2.3.4,`, `network (bind) inet stream ip=1.2.3,`,
		`network (bind) inet stream ip=1.2.3.4 port=65536,`, `network (bind) inet stream port=080,`, `network (bind) inet6 dgram ip=::FFFF,`,
		`network (bind) inet6 dgram ip=fe80::1%eth0,`, `network (bind) unix stream ip=1.2.3.4,`, `network (bind) inet stream peer=(ip=1.2.3.4),`,
		`network (send) inet stream peer=(),`, `network (send) inet stream peer=(port=1 ip=1.2.3.4),`,
		`unix,`, `unix (create),`, `unix type=stream,`, `unix (create) type=stream peer=(label="x"),`, `unix (send) type=stream peer=(),`,
		`unix (send) type=stream peer=(addr="@a", label="x"),`, `unix (bind) type=stream addr="/run/x",`, `unix (bind) type=stream addr=none,`,
		`unix (send) type=stream peer=(label="x", ),`, `unix (bind) type=stream addr="@{X}",`, "unix (bind) type=stream addr=\"@\x00\",", `unix (bind) type=stream addr="@\141",`, `unix (bind) type=stream addr="@\303\251",`,
		`unix (send) type=stream peer=(label="a\001"),`, `mqueue (read) type=posix ,`, `mqueue (read) type=posix "",`,
		`signal,`, `signal (send),`, `signal (send) peer="x",`, `signal (send) set=(term),`, `signal (send, receive) set=(term) peer="x",`,
		`signal (send) set=(rtmin+33) peer="x",`, `signal (send) set=(term, hup) peer="x",`, `signal (send) set=(term) peer=x,`,
		`ptrace,`, `ptrace (read),`, `ptrace peer="x",`, `ptrace (trace, read) peer="x",`, `ptrace (read) peer="",`,
		`mount,`, `mount -> "/mnt/",`, `mount "/dev/sda1" -> "/mnt/",`, `mount options=() -> "/mnt/",`, `mount options=(rw) -> "/mnt/",`, `mount options=(rw) "a" -> "/mnt/",`,
		`mount fstype=ext4 options=(rw) -> "/mnt/",`, `mount fstype=ext4 options=(nosuid) "a" -> "/mnt/",`, `mount options=(bind, rw) "/a/" -> "/mnt/",`,
		`mount fstype=ext4 options=(bind) "/a/" -> "/mnt/",`, `mount options=(private) "/a/" -> "/mnt/",`, `mount options=(remount, rw) -> "/mnt/",`,
		`mount options=(remount) "/a/" -> "/mnt/",`, `mount options=(bind) -> "/mnt/",`, `mount options=(bind) "" -> "/mnt/",`, `mount options=(private) "" -> "/mnt/",`, `mount options=(move) -> "/mnt/",`, `mount options=(move, nosuid) "/a/" -> "/mnt/",`,
		`mount options=(ro, rw) -> "/mnt/",`,
		`mount options=(rw, nosuid) -> "/mnt/",`, `mount options=(rw) "/dev/sda1",`, `mount fstype="a b" options=(rw) -> "/mnt/",`,
		`mount options=(nosuch) -> "/mnt/",`, `mount fstype=(a, b) options=(rw) -> "/m/",`, `remount options=(ro) "/mnt/",`,
		`umount,`, `umount "mnt",`, `pivot_root,`, `pivot_root "/new/",`, `pivot_root oldroot="/o/",`,
		`change_profile,`, `change_profile -> ,`, `change_profile -> "",`, `change_profile -> "&",`, `change_profile -> "&&x",`,
		`change_profile -> ":ns:x",`, `change_profile -> "&:ns:x",`, `change_profile "/x" -> "y",`, `change_profile -> x,`,
		`dbus,`, `dbus (send),`, `dbus (send) bus=session,`, `dbus (bind, send) bus=session name="x",`, `dbus (bind) bus=session,`,
		`dbus (eavesdrop) bus=session path="/",`, `dbus (send) bus=session path="x" interface="a.b" member="M" peer=(label="l"),`,
		`dbus (send) bus=session path="/x" interface="a.b" member="M" peer=(),`, `dbus (send) bus=session path="/x" interface="a.b" member="M" peer=(name="n", ),`,
		`dbus (send) bus=session path="/x" interface="a.b" member="M" peer=(name=""),`,
		`mqueue,`, `mqueue (read) "/q",`, `mqueue (read) type=posix "q",`, `mqueue (read) type=sysv "/q",`, `mqueue (read) type=sysv "99999999999",`,
		`io_uring,`, `io_uring (override_creds),`, `io_uring (sqpoll) label="x",`, `userns,`, `userns create x,`, `all,`,
		`set rlimit nofile <= -1,`, `set rlimit nofile <= 018,`, `set rlimit nofile <= 18446744073709551615,`, `set rlimit nice <= 5,`,
		`set rlimit nofile <= 4K,`, `rlimit nofile <= 4,`,
		`"/` + strings.Repeat("a", MaxName) + `" r,`, strings.Repeat("x", MaxText+1),
	} {
		if r, err := Parse(text); err == nil {
			t.Errorf("accepted %.200q as %#v", text, r)
		}
	}
}

func TestAttrs(t *testing.T) {
	for text, want := range map[string][]record.Attr{
		`audit deny owner "/a\*" rw,`: {
			{Name: "class", Text: "file"}, {Name: "audit", Flag: true}, {Name: "deny", Flag: true}, {Name: "owner", Flag: true},
			{Name: "path", Text: "/a*"}, {Name: "access", Text: "rw"},
		},
		`"/var/log/*" r,`: {{Name: "class", Text: "file"}, {Name: "path_glob", Text: "/var/log/*"}, {Name: "access", Text: "r"}},
		`unix (connect, send) type=stream peer=(label="l", addr="@x"),`: {
			{Name: "class", Text: "unix"}, {Name: "access", List: []string{"connect", "send"}}, {Name: "sock_type", Text: "stream"},
			{Name: "peer_label", Text: "l"}, {Name: "peer_addr", Text: "@x"},
		},
	} {
		r, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, Attrs(r)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// TestEarlierTakesMore: what is taken today was taken before, but for what is new.
func TestEarlierTakesMore(t *testing.T) {
	n := 0
	for _, c := range canonical {
		if r, err := Parse(c.text); err == nil && r.Plain() {
			if n++; !Earlier(c.text) {
				t.Errorf("%s", c.text)
			}
		}
		if Earlier(c.text+" ") || Earlier("audit "+c.text) || Earlier("") {
			t.Errorf("%s: taken with more around it", c.text)
		}
	}
	t.Logf("%d rules", n)
}

func FuzzParse(f *testing.F) {
	for _, c := range canonical {
		f.Add(c.text)
	}
	f.Add(`"/tmp/x" r, /** rwlkm,`)
	f.Add("\"/a\nb\" r,")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			return
		}
		if r.Text() != text {
			t.Fatalf("text %q of %q", r.Text(), text)
		}
		if again, err := Parse(r.Text()); err != nil || again != r {
			t.Fatalf("%q: %v, %#v, %#v", text, err, again, r)
		}
		for _, c := range text {
			if visible.Hidden(c) {
				t.Fatalf("%q holds %U", text, c)
			}
		}
		if level, _ := Danger(r); level > 10 {
			t.Fatalf("%q: danger %d", text, level)
		}
		if merged := Merge([]Rule{r, r}); len(merged) != 1 || merged[0] != r {
			t.Fatalf("%q merged with itself is %v", text, merged)
		}
		Attrs(r)
	})
}
