package propose_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/sl-suite/sl/lib/apparmor/propose"
	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
)

// hostilePlace is a place in a message where a stranger's text comes in, and the
// rule that it belongs into, %s being the text.
type hostilePlace struct {
	fields string // "key=value" pairs; the value "?" is the text
	raw    bool   // the kernel writes it, so it goes through its encoding and the parser
	prefix string // what the text begins with there
	rule   string
}

var hostilePlaces = []hostilePlace{
	{"operation=open name=? denied_mask=r fsuid=0 ouid=1", true, "/", `"%s" r,`},
	{"operation=open name=? denied_mask=wc fsuid=7 ouid=7", true, "/", `owner "%s" w,`},
	{"operation=exec name=? denied_mask=x fsuid=0 ouid=1", true, "/", `"%s" ix,`},
	{"operation=link name=? target=/t denied_mask=l fsuid=0 ouid=1", true, "/", `link "%s" -> "/t",`},
	{"operation=link name=/n target=? denied_mask=l fsuid=0 ouid=1", true, "/", `link "/n" -> "%s",`},
	{"operation=signal denied_mask=send signal=term peer=?", true, "", `signal (send) set=(term) peer="%s",`},
	{"operation=ptrace denied_mask=read peer=?", true, "", `ptrace (read) peer="%s",`},
	{"operation=mount name=/m/ srcname=? fstype=ext4 flags=rw", true, "", `mount fstype=ext4 options=(rw) "%s" -> "/m/",`},
	{"operation=mount name=? srcname=/s/ flags=rw,bind", true, "/", `mount options=(bind) "/s/" -> "%s",`},
	{"operation=umount name=?", true, "/", `umount "%s",`},
	{"operation=pivotroot name=/n/ srcname=?", true, "/", `pivot_root oldroot="%s" "/n/",`},
	{"operation=change_profile target=?", true, "x", `change_profile -> "%s",`},
	{"class=net operation=connect family=unix sock_type=stream denied=connect addr=none peer_addr=? peer=l", false, "@", `unix (connect) type=stream addr="none" peer=(label="l", addr="%s"),`},
	{"class=net operation=connect family=unix sock_type=stream denied=connect addr=none peer_addr=none peer=?", false, "", `unix (connect) type=stream addr="none" peer=(label="%s", addr="none"),`},
	{"class=dbus operation=dbus_bind bus=system name=? mask=bind", false, "", `dbus (bind) bus=system name="%s",`},
	{"class=dbus operation=dbus_signal bus=system path=? interface=a.b member=M mask=receive peer_label=l", false, "/", `dbus (receive) bus=system path="%s" interface="a.b" member="M" peer=(label="l"),`},
	{"class=dbus operation=dbus_signal bus=system path=/ interface=? member=M mask=receive peer_label=l", false, "", `dbus (receive) bus=system path="/" interface="%s" member="M" peer=(label="l"),`},
	{"class=dbus operation=dbus_signal bus=system path=/ interface=a.b member=? mask=receive peer_label=l", false, "", `dbus (receive) bus=system path="/" interface="a.b" member="%s" peer=(label="l"),`},
	{"class=dbus operation=dbus_method_call bus=system path=/ interface=a.b member=M name=? mask=send peer_label=l", false, "n", `dbus (send) bus=system path="/" interface="a.b" member="M" peer=(name="%s", label="l"),`},
	{"class=dbus operation=dbus_signal bus=system path=/ interface=a.b member=M mask=receive peer_label=?", false, "", `dbus (receive) bus=system path="/" interface="a.b" member="M" peer=(label="%s"),`},
}

// event makes the event of the text at the place.
func (p *hostilePlace) event(t *testing.T, text, comm string, n int) *record.Event {
	t.Helper()
	ev := &record.Event{Kind: record.AppArmor, Count: 1, Trust: record.TrustKernel}
	ev.Fields[record.FVerdict], ev.Fields[record.FProfile], ev.Fields[record.FComm] = "DENIED", "t", comm
	line := fmt.Sprintf(`audit: type=1400 audit(1700000000.000:%d): apparmor="DENIED" profile="t" pid=1 comm=%s`, n, kernelString(comm))
	for pair := range strings.FieldsSeq(p.fields) {
		key, value, _ := strings.Cut(pair, "=")
		if value == "?" {
			value = text
		}
		field, ok := record.ParseField(key)
		if !ok {
			t.Fatalf("no field %q", key)
		}
		ev.Fields[field] = value
		switch key {
		case "fsuid", "ouid", "signal":
			line += " " + pair
		default:
			line += " " + key + "=" + kernelString(value)
		}
	}
	if !p.raw {
		return ev
	}
	var parsed record.Event
	result, err := kernlog.New(kernlog.Config{}).Parse([]byte("Aug 23 17:29:45 host kernel: [1.0] "+line), nil, &parsed)
	if err != nil || result.Kind != kernlog.Event {
		t.Fatalf("%q: %v, %v", line, result, err)
	}
	return &parsed
}

// kernelString writes s as audit_log_untrustedstring does (kernel/audit.c).
func kernelString(s string) string {
	for i := range len(s) {
		if s[i] == '"' || s[i] < 0x21 || s[i] > 0x7e {
			return strings.ToUpper(hex.EncodeToString([]byte(s)))
		}
	}
	return `"` + s + `"`
}

// hostileCase is a text at a place.
type hostileCase struct {
	place *hostilePlace
	text  string
}

// hostileCases are n cases: every byte at every place, at the beginning, in the
// middle, at the end or alone; then mixtures of what means something to a parser;
// last the longest names that there are, and longer ones. They come in any order,
// but in the same each time.
func hostileCases(n int) (cases []hostileCase) {
	for i := range hostilePlaces {
		for b := range 256 {
			c := string([]byte{byte(b)})
			forms := []string{c, c + "a", "a" + c, "a" + c + "b", c + c, "a" + c + c + "b"}
			cases = append(cases, hostileCase{&hostilePlaces[i], forms[(b+i)%len(forms)]})
		}
	}
	pieces := []string{
		"*", "**", "?", "[a]", "[^a]", "[", "]", "{a,b}", "{", "}", "@{HOME}", "@{", "@", "${X}", `"`, `\`, `\\`, `\"`, `\052`, `\x2a`, `\n`, "/", "/**",
		",", ", ", " r,", " rwx,", "# ", "#include <x>", "include ", "\n", "}\nprofile evil {\n", " -> ", ">", "<", "^", "$", "|", "(", ")", "+", ".", "..", "&", ":", ":ns:", "//",
		"é", "日本", "\xe9", "\xff", "\u202e", "\u009b", "\u2028", "\U0001f600", "\x1b[2J", "\x7f", "\t", " ", "  ", "'", "`", "a", "Z", "0", "-", "=", "~", "!", "%s", ";",
		"owner ", "deny ", "audit ", "ux", "unconfined", "none", " (deleted)",
	}
	r := rand.New(rand.NewPCG(1, 2))
	for len(cases) < n-len(hostilePlaces) {
		var text strings.Builder
		for range 1 + r.IntN(8) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		switch r.IntN(40) {
		case 0:
			text.WriteString(strings.Repeat("n", r.IntN(300)))
		case 1:
			text.WriteString(strings.Repeat("*", r.IntN(300)))
		}
		cases = append(cases, hostileCase{&hostilePlaces[r.IntN(len(hostilePlaces))], text.String()})
	}
	r.Shuffle(len(cases), func(i, j int) { cases[i], cases[j] = cases[j], cases[i] })
	for i := range hostilePlaces { // a parser needs seconds for many of the longest
		length := 250
		switch i % 5 {
		case 0:
			length = 4096 - len(hostilePlaces[i].prefix)
		case 1:
			length = 4097 - len(hostilePlaces[i].prefix)
		}
		cases = append(cases, hostileCase{&hostilePlaces[i], strings.Repeat("l", length)})
	}
	return cases
}

// nameable says whether there has to be a rule for the text at the place: said
// here once more, by itself.
func (p *hostilePlace) nameable(text string) bool {
	if text == "" || len(text) > 4096 {
		return false
	}
	for rest := text; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		switch {
		case r == utf8.RuneError && n == 1: // octal
		case p.prefix == "@": // an address, in which all is octal that does not show
		case r < ' ', r >= 0x7f && r < 0xa0, r == 0x61c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return false
		}
		rest = rest[n:]
	}
	isPath := p.prefix == "/" && !strings.Contains(p.fields, "dbus")
	return !(isPath && (strings.Contains(text, "//") || strings.HasSuffix(text, " (deleted)"))) && strings.Trim(text, " ") != ""
}

// octets writes a text in a way of its own: in octal, but for what might begin a
// variable then.
func octets(text string) string {
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '/' || c == '@':
			b.WriteByte(c)
		case c == '{':
			b.WriteString("[{]")
		default:
			fmt.Fprintf(&b, `\%03o`, c)
		}
	}
	return b.String()
}

// Ten thousand texts that a stranger chose: each becomes one rule, or a note; the
// rules, pasted as they are printed for people, compile to what the same names
// compile to that are written in another way, and to no other profile.
func TestHostileTexts(t *testing.T) {
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed (Debian: apparmor)")
	}
	const count, batch = 10_000, 100
	dir := t.TempDir()
	features, path := filepath.Join(dir, "features"), filepath.Join(dir, "profile")
	write(t, features, kernelFeatures+"dbus {mask {acquire send receive\n}\n}\n")
	cases := hostileCases(count)
	ruled, noted := 0, 0
	for from := 0; from < count; from += batch {
		all := propose.New(propose.Options{Exec: propose.Inherit, Exact: true})
		var want []string
		for i := from; i < from+batch; i++ {
			place, comm := cases[i].place, cases[(i+1)%count].text
			text := place.prefix + cases[i].text
			ev := place.event(t, text, comm[:min(15, len(comm))], i)
			one := propose.New(propose.Options{Exec: propose.Inherit, Exact: true})
			for _, p := range []*propose.Proposer{one, all} {
				if err := p.AddEvent(ev); err != nil {
					t.Fatal(err)
				}
			}
			rules, notes := slices.Collect(one.Rules()), slices.Collect(one.Notes())
			switch {
			case len(rules) == 1 && len(notes) == 0 && place.nameable(text):
				ruled++
				if name, err := hex.DecodeString(strings.TrimPrefix(text, "@")); err == nil && place.prefix == "@" && kernelString(string(name)) == text[1:] {
					text = "@" + string(name) // it is read as what the kernel writes for that
				}
				want = append(want, fmt.Sprintf(place.rule, octets(text)))
			case len(rules) == 0 && len(notes) > 0 && !place.nameable(text):
				noted++
			case len(rules) == 0 && len(notes) == 1 && strings.HasPrefix(place.fields, "operation=change_profile") && strings.Contains(text, "//&"):
				noted++ // a stack
			default:
				t.Errorf("%q at %s: rules %v, notes %v", text, place.fields, rules, notes)
			}
		}
		var pasted bytes.Buffer
		for part := range propose.Text(all.Rules(), all.Notes()) {
			pasted.Write(part)
		}
		write(t, path, "profile t {\n"+pasted.String()+"\n}\n")
		ours, err := compile(dir, features, path)
		if err != nil {
			t.Fatalf("%v\n%s", err, pasted.String())
		}
		names, err := exec.Command("apparmor_parser", "-N", "-Q", "-K", "-q", "--base", dir, "--config-file", "/dev/null", path).Output()
		if err != nil || string(names) != "t\n" {
			t.Errorf("profiles %q, %v", names, err)
		}
		write(t, path, "profile t {\n"+strings.Join(want, "\n")+"\n}\n")
		theirs, err := compile(dir, features, path)
		if err != nil || !bytes.Equal(ours, theirs) {
			t.Errorf("%d to %d: not what the names mean: %v\n%s\n%s", from, from+batch, err, strings.Join(ruleTexts(all), "\n"), strings.Join(want, "\n"))
		}
		write(t, path, "profile t {\n"+strings.Join(want[1:], "\n")+"\n}\n")
		if less, err := compile(dir, features, path); err != nil || bytes.Equal(ours, less) {
			t.Errorf("a rule less means the same: %v", err)
		}
	}
	t.Logf("%d rules, %d notes", ruled, noted)
	if ruled < count/3 || noted < count/20 {
		t.Errorf("%d rules, %d notes", ruled, noted)
	}
}

func ruleTexts(p *propose.Proposer) (texts []string) {
	for r := range p.Rules() {
		texts = append(texts, r.Text)
	}
	return texts
}
