package apparmor

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// features makes apparmor_parser compile every class, whatever the kernel of
// this machine can: without it, unix and dbus rules leave no trace.
const features = `caps {mask {chown
}
}
capability {0xffffff
}
rlimit {mask {cpu nofile core
}
}
signal {mask {hup int term
}
}
ptrace {mask {read trace
}
}
mount {mask {mount umount pivot_root
}
}
network {af_mask {unix inet inet6 netlink packet
}
af_unix {yes
}
}
network_v8 {af_mask {unix inet inet6 netlink packet
}
}
dbus {mask {acquire send receive
}
}
file {mask {create read write exec append mmap_exec link lock
}
}
domain {stack {yes
}
change_profile {yes
}
change_onexec {yes
}
}
policy {versions {v7 {yes
}
v6 {yes
}
v5 {yes
}
}
}
`

// parser runs apparmor_parser 3 or later over profiles. It needs neither
// privilege nor a kernel with AppArmor.
type parser struct{ dir string }

func newParser(t *testing.T) parser {
	t.Helper()
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed (Debian: apparmor): rules are not compared with it")
	}
	p := parser{t.TempDir()}
	p.write(t, "features", features)
	return p
}

func (p parser) write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(p.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// compile returns the compiled policy of a profile with these rules.
func (p parser) compile(t *testing.T, rules ...string) ([]byte, error) {
	t.Helper()
	path := p.write(t, "profile", "profile t {\n"+strings.Join(rules, "\n")+"\n}\n")
	return p.run(path, "-S")
}

func (p parser) run(path string, flags ...string) ([]byte, error) {
	out, errs, err := p.exec(path, flags...)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, errs)
	}
	return out, nil
}

// dump returns what the parser tells about its work.
func (p parser) dump(path, what string) (string, error) {
	_, errs, err := p.exec(path, "-D", what)
	return string(errs), err
}

func (p parser) exec(path string, flags ...string) (stdout, stderr []byte, err error) {
	args := append(flags, "-Q", "-K", "-q", "--base", p.dir, "--config-file", "/dev/null", "-M", filepath.Join(p.dir, "features"), path)
	cmd := exec.Command("apparmor_parser", args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	return out.Bytes(), errs.Bytes(), err
}

// Every canonical text is one rule for apparmor_parser, too.
func TestParserTakesCanonicalTexts(t *testing.T) {
	p := newParser(t)
	empty, err := p.compile(t)
	if err != nil {
		t.Fatal(err)
	}
	version, _ := exec.Command("apparmor_parser", "--version").Output()
	three := strings.Contains(string(version), "version 3.")
	variables := "@{PROC}=/proc/\n@{pid}=[1-9]*\n"
	for _, c := range canonical {
		path := p.write(t, "profile", variables+"profile t {\n"+c.text+"\n}\n")
		policy, err := p.run(path, "-S")
		if c.parser > 3 && three {
			if err == nil {
				t.Errorf("%s: parser 3 takes it", c.text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
		} else if bytes.Equal(policy, empty) {
			t.Errorf("%s: compiles to nothing", c.text)
		}
		names, err := p.run(path, "-N")
		if err != nil || string(names) != "t\n" {
			t.Errorf("%s: profiles %q, %v", c.text, names, err)
		}
	}
}

// A literal means its bytes: it compiles to what octal escapes of all its bytes
// do, and where a byte is special to globs, to what differs from the bare byte.
func TestParserReadsLiterals(t *testing.T) {
	p := newParser(t)
	for _, place := range []string{
		`"/%s" r,`, `link "/%s" -> "/b",`, `link "/b" -> "/%s",`, `ptrace (read) peer="%s",`, `signal (send) set=(term) peer="%s",`,
		`unix (send) type=stream peer=(label="%s"),`, `unix (send) type=stream peer=(addr="@%s"),`, `unix (bind) type=stream addr="@%s",`,
		`mount options=(bind) "%s" -> "/m/",`, `mount options=(remount) -> "/%s",`, `umount "/%s",`, `pivot_root oldroot="/%s" "/n/",`,
		`change_profile -> "x%s",`, `dbus (bind) bus=system name="%s",`,
		`dbus (send) bus=session path="/%s" interface="a.b" member="M" peer=(label="l"),`,
		`dbus (send) bus=session path="/" interface="a.b" member="M" peer=(name="%s", label="l"),`,
	} {
		for _, name := range []string{
			"a b", `a"b`, `a\b`, `end\`, "a*b", "a?b", "a[b]", "{a,b}", "@{X}", `\@{X}`, "a,b", "a#b", "a^b$", "(a)", "a|b+c.", "\xe9", "\xff\x80", "hé",
			`a" rw, /** rwx,`, "=!'&;:<>`~%-",
		} {
			lit, err := Literal(name)
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf(place, lit)
			if _, err := Parse(text); err != nil {
				t.Errorf("%s: %v", text, err)
			}
			// Another rule with quotes behind it, so that a name which swallows
			// its end is found.
			got, err := p.compile(t, text, `"/behind" r,`)
			if err != nil {
				t.Errorf("%s: %v", text, err)
				continue
			}
			octal := make([]byte, 0, 4*len(name))
			for i := range len(name) {
				octal = appendOctal(octal, name[i])
			}
			want, err := p.compile(t, fmt.Sprintf(place, octal), `"/behind" r,`)
			if strings.Contains(name, "@{") {
				continue // octal makes a variable of it
			}
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s does not mean %q: %v", text, name, err)
			}
		}
	}
	bare, err := p.compile(t, `"/a*b" r,`)
	if err != nil {
		t.Fatal(err)
	}
	if escaped, err := p.compile(t, `"/a\*b" r,`); err != nil || bytes.Equal(bare, escaped) {
		t.Errorf("an escaped glob is a glob: %v", err)
	}
}

// A name of the longest length compiles.
func TestParserTakesLongName(t *testing.T) {
	p := newParser(t)
	name := "/" + strings.Repeat("n", MaxName-1)
	lit, err := Literal(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.compile(t, Rule{Body: File{Path: lit, Access: Read}}.Text()); err != nil {
		t.Error(err)
	}
}

// Merged rules mean what the rules mean.
func TestParserMergedMeansTheSame(t *testing.T) {
	p := newParser(t)
	for _, list := range [][]string{
		{`"/a" r,`, `"/a" w,`, `"/b" a,`, `"/b" w,`},
		{`"/a" r,`, `owner "/a" r,`}, {`"/a" r,`, `owner "/a" rwk,`}, {`"/a" w,`, `owner "/a" ra,`},
		{`"/a" ix,`, `"/a" r,`}, {`owner "/a" rm,`, `"/a" ix,`},
		{`link "/n" -> "/t",`, `owner link "/n" -> "/t",`},
		{`unix (send) type=stream peer=(label="x"),`, `unix (receive) type=stream peer=(label="x"),`},
		{`signal (send) set=(term) peer="x",`, `signal (send) set=(hup) peer="x",`},
		{`ptrace (read) peer="x",`, `ptrace (trace) peer="x",`},
		{`dbus (send) bus=system path="/" interface="a.b" member="M" peer=(label="l"),`, `dbus (receive) bus=system path="/" interface="a.b" member="M" peer=(label="l"),`},
	} {
		merged := texts(Merge(parseAll(t, list)))
		want, err := p.compile(t, list...)
		if err != nil {
			t.Errorf("%q: %v", list, err)
			continue
		}
		if got, err := p.compile(t, merged...); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%q means other than %q: %v", merged, list, err)
		}
	}
}

// A mount rule is one rule after compilation: a parser with CVE-2016-1585 finds
// nothing to make a second one of.
func TestParserMakesOneMountRule(t *testing.T) {
	p := newParser(t)
	for _, text := range []string{
		`mount fstype=ext4 options=(rw) "/dev/sda1" -> "/mnt/",`, `mount fstype=ext4 options=(nosuid, rw) "/dev/sda1" -> "/mnt/",`,
		`mount fstype=proc options=(ro) "proc" -> "/mnt/",`, `mount options=(bind) "/a/" -> "/mnt/",`, `mount options=(rbind) "/a/" -> "/mnt/",`,
		`mount options=(move) "/a/" -> "/mnt/",`, `mount options=(move) "" -> "/mnt/",`, `mount fstype=tmpfs options=(rw) "" -> "/mnt/",`, `mount options=(private) -> "/mnt/",`, `mount options=(rshared) -> "/mnt/",`,
		`mount options=(remount) -> "/mnt/",`,
	} {
		if _, err := Parse(text); err != nil {
			t.Error(err)
		}
		path := p.write(t, "profile", "profile t {\n"+text+"\n}\n")
		dump, err := p.dump(path, "rule-exprs")
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if n := strings.Count(dump, `rule: \x07/mnt/`); n != 1 {
			t.Errorf("%s: %d rules\n%s", text, n, dump)
		}
	}
}

// Every word that may stand in a rule is one for apparmor_parser.
func TestParserTakesVocabularies(t *testing.T) {
	p := newParser(t)
	version, _ := exec.Command("apparmor_parser", "--version").Output()
	three := strings.Contains(string(version), "version 3.")
	var list []string
	for _, w := range capabilities.words {
		list = append(list, "capability "+w+",")
	}
	for _, family := range families.words {
		for _, kind := range socketTypes.words {
			list = append(list, "network "+family+" "+kind+",")
		}
	}
	for _, w := range SocketAccesses.words {
		for _, kind := range socketTypes.words {
			list = append(list, "unix ("+w+") type="+kind+",")
		}
	}
	for _, access := range signalAccesses.words {
		for _, w := range Signals.words {
			list = append(list, "signal ("+access+") set=("+w+`) peer="x",`)
		}
	}
	for _, w := range PtraceAccesses.words {
		list = append(list, "ptrace ("+w+`) peer="x",`)
	}
	for _, w := range resources.words {
		list = append(list, "set rlimit "+w+" <= 77,", "set rlimit "+w+" <= infinity,")
	}
	for i, w := range MountOptions.words {
		for _, other := range MountOptions.words[i:] {
			options, err := MountOptions.Parse(w, other)
			if err != nil {
				t.Fatal(err)
			}
			m := Mount{Options: MountFlags(options), Point: Pattern{"/m/"}}
			source, fstype := m.Needs()
			if source {
				m.Source = Pattern{"/s/"}
			}
			if fstype {
				m.Fstype = "ext4"
			}
			if r := (Rule{Body: m}); r.Check() == nil && (r.Parser() == 3 || !three) {
				list = append(list, r.Text())
			}
		}
	}
	for letters := FileAccess(1); letters < 1<<len(fileLetters); letters++ {
		for exec := NoExec; exec <= UXUnsafe; exec++ {
			if f := (Rule{Body: File{Path: Pattern{"/f"}, Access: letters, Exec: exec}}); f.Check() == nil {
				list = append(list, f.Text())
			}
		}
	}
	for _, text := range list {
		if _, err := Parse(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	// Two ways to run a program, or two limits, do not go together.
	together := slices.DeleteFunc(slices.Clone(list), func(text string) bool { return strings.HasPrefix(text, `"/f"`) })
	if _, err := p.compile(t, together...); err != nil {
		for _, text := range together {
			if _, err := p.compile(t, text); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
	for _, text := range list {
		if strings.HasPrefix(text, `"/f"`) {
			if _, err := p.compile(t, text); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
	t.Logf("%d rules", len(list))
}
