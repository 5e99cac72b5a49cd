package propose_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/apparmor/propose"
	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
)

const corpus = "../../../../shared/corpus/apparmor/test_multi"

// otherwise says where, and why, the rules are meant to differ from the corpus:
// what they are instead, one a line.
var otherwise = map[string]other{
	"testcase12": {``, "an exec with an info failed for another reason than a missing rule"},

	"syslog_datetime_01": null2d, "syslog_datetime_03": null2d, "syslog_datetime_04": null2d, "syslog_datetime_05": null2d, "syslog_datetime_07": null2d,
	"syslog_datetime_08": null2d, "syslog_datetime_12": null2d, "syslog_datetime_14": null2d, "syslog_datetime_15": null2d, "syslog_datetime_18": null2d,
	"testcase_network_send_receive": {`/usr/bin/nginx-amplify-agent.py: network (receive, send) inet stream peer=(ip=54.153.70.241 port=443),`,
		"what an inherited program does belongs into the profile itself, and its own port is another each time"},

	"testcase36":         {``, "what was audited was allowed"},
	"testcase_userns_02": {``, "what was audited was allowed"},

	"testcase_dbus_01": {`/tmp/apparmor-2.8.0/tests/regression/apparmor/dbus_service: dbus (send) bus=session path="/org/freedesktop/DBus" interface="org.freedesktop.DBus" member="Hello" peer=(name="org.freedesktop.DBus", label="unconfined"),`,
		"the name that was sent to is known"},
	"testcase_dbus_09": systemd,
	"testcase_dbus_10": systemd,
	"testcase_dbus_12": {`random_test: dbus (send) bus=session path="/org/freedesktop/DBus" interface="org.freedesktop.DBus" member="Hello" peer=(name="org.freedesktop.DBus"),`,
		"the name that was sent to is known"},
	"testcase_dmesg_link_01": {`/home/ubuntu/bzr/apparmor/tests/regression/apparmor/link: owner link "/tmp/sdtest.19088-12382-HWH57d/linkfile" -> "/tmp/sdtest.19088-12382-HWH57d/target",`,
		"both names are known"},
	"testcase_unix_01": {`/home/user/test/client.py: unix (connect, receive, send) type=stream addr="none" peer=(label="/home/user/test/server.py", addr="@test_abstract_socket"),`,
		"the peer's label is known, and that the socket has no address"},

	"testcase24": packet,
	"testcase33": packet,
	"testcase_network_01": {`/usr/bin/evince-thumbnailer: network (send) inet stream ip=192.168.66.150 port=765 peer=(ip=192.168.66.200 port=2049),`,
		"the operation says which access it was"},
	"testcase_network_03": {`/usr/lib/dovecot/imap-login: network (accept) inet6 stream port=143,`, "the operation says which access it was"},
	"testcase_network_05": {`/home/ubuntu/tmp/nc: network (receive) inet6 stream ip=::ffff:127.0.0.1 port=2048 peer=(ip=::ffff:127.0.0.1 port=59180),`,
		"the operation says which access it was"},
}

type other = struct{ rules, why string }

var (
	null2d  = other{``, "the profile stands for a program or hat that the kernel did not name"}
	packet  = other{`/home/steve/aa-regression-tests/changehat_wrapper//net_raw: network (create) packet raw,`, "the operation says which access it was"}
	systemd = other{`/tmp/apparmor-2.8.0/tests/regression/apparmor/dbus_service: dbus (send) bus=system path="/org/freedesktop/systemd1" interface="org.freedesktop.systemd1.Manager" member="LookupDynamicUserByName" peer=(name="org.freedesktop.systemd1", label="unconfined"),`,
		"the name that was sent to is known"}
)

// propose gives the rules of the log lines, as "profile: rule".
func proposals(t *testing.T, options propose.Options, log []byte) (rules, notes []string) {
	t.Helper()
	p := propose.New(options)
	parser := kernlog.New(kernlog.Config{})
	n := uint64(0)
	for line := range bytes.Lines(log) {
		var ev record.Event
		result, err := parser.Parse(bytes.TrimRight(line, "\n"), nil, &ev)
		if err != nil || result.Kind != kernlog.Event {
			continue
		}
		if err := p.AddEvent(&ev); err != nil {
			t.Fatal(err)
		}
		n++
	}
	if s := p.Stats(); s.Ruled+s.Noted+s.Ignored != n {
		t.Errorf("%d events, %+v", n, s)
	}
	for r := range p.Rules() {
		rules = append(rules, r.Profile+": "+r.Text)
	}
	for n := range p.Notes() {
		notes = append(notes, n.Kind+": "+n.Text)
	}
	return rules, notes
}

// expected reads the rules of a profile of the corpus, as "profile: rule".
func expected(text string) (rules []string) {
	var names []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasSuffix(line, "{"):
			name := strings.TrimSpace(strings.TrimSuffix(line, "{"))
			name = strings.Trim(strings.TrimPrefix(strings.TrimPrefix(name, "profile "), "^"), `"`)
			names = append(names, name)
		case line == "}":
			names = names[:len(names)-1]
		default:
			rules = append(rules, strings.Join(names, "//")+": "+line)
		}
	}
	return rules
}

// meaning compiles the rules of each profile; what only a later parser than the
// installed one takes stays text, without its punctuation.
func meaning(t *testing.T, rules []string) string {
	t.Helper()
	compiled, later := compileAll(t, rules)
	return strings.Join(slices.Concat(later, compiled), "\n")
}

// compileAll returns the compiled policy of each profile, and the rules that the
// parser does not take.
func compileAll(t *testing.T, rules []string) (compiled, later []string) {
	t.Helper()
	dir := t.TempDir()
	features := filepath.Join(dir, "features")
	write(t, features, "network {af_unix {yes\n}\n}\nnetwork_v8 {af_mask {unix inet inet6 packet\n}\n}\ndbus {mask {acquire send receive\n}\n}\n"+
		"mount {mask {mount umount pivot_root\n}\n}\nsignal {mask {term\n}\n}\nptrace {mask {read trace\n}\n}\nfile {mask {create read write exec append mmap_exec link lock\n}\n}\n"+
		"domain {stack {yes\n}\nchange_profile {yes\n}\nchange_onexec {yes\n}\n}\npolicy {versions {v7 {yes\n}\nv6 {yes\n}\nv5 {yes\n}\n}\n}\n")
	byProfile := map[string][]string{}
	for _, rule := range rules {
		profile, text, _ := strings.Cut(rule, ": ")
		path := filepath.Join(dir, "one")
		write(t, path, kernelVariables+"profile t {\n"+text+"\n}\n")
		if _, err := compile(dir, features, path); err != nil {
			words := strings.FieldsFunc(strings.ReplaceAll(rule, `"`, ""), func(r rune) bool { return strings.ContainsRune(" ,()", r) })
			later = append(later, strings.Join(words, " "))
			continue
		}
		byProfile[profile] = append(byProfile[profile], text)
	}
	for profile, texts := range byProfile {
		path := filepath.Join(dir, "all")
		write(t, path, kernelVariables+"profile t {\n"+strings.Join(texts, "\n")+"\n}\n")
		policy, err := compile(dir, features, path)
		if err != nil {
			t.Fatalf("%q: %v", texts, err)
		}
		compiled = append(compiled, fmt.Sprintf("%s %x", profile, policy))
	}
	slices.Sort(compiled)
	slices.Sort(later)
	return compiled, later
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func compile(base, features, path string) ([]byte, error) {
	out, err := exec.Command("apparmor_parser", "-S", "-Q", "-K", "-q", "--base", base, "--config-file", "/dev/null", "-M", features, path).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return out, err
}

// The rules mean what upstream's own tool makes of its corpus, but for the cases
// in otherwise.
func TestCorpus(t *testing.T) {
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed (Debian: apparmor): rules are not compared with the corpus")
	}
	inputs, err := filepath.Glob(corpus + "/*.in")
	if err != nil || len(inputs) == 0 {
		t.Skip("no corpus in " + corpus)
	}
	for _, input := range inputs {
		name := strings.TrimSuffix(filepath.Base(input), ".in")
		t.Run(name, func(t *testing.T) {
			log, err := os.ReadFile(input)
			if err != nil {
				t.Fatal(err)
			}
			rules, notes := proposals(t, propose.Options{Parser: 4, Exec: propose.Inherit}, log)
			if want, ok := otherwise[name]; ok {
				if got := strings.Join(rules, "\n"); got != want.rules {
					t.Errorf("rules\n%s\nwant (%s)\n%s", got, want.why, want.rules)
				}
				return
			}
			profile, err := os.ReadFile(strings.TrimSuffix(input, ".in") + ".profile")
			if os.IsNotExist(err) {
				if len(rules) > 0 {
					t.Errorf("rules where there should be none: %q", rules)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			want := expected(string(profile))
			if meaning(t, rules) != meaning(t, want) {
				t.Errorf("rules\n%s\nnotes\n%s\nwant\n%s", strings.Join(rules, "\n"), strings.Join(notes, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// Every event that a kernel wrote ends in something, and what it ends in is
// taken by the parser.
func TestKernelCorpus(t *testing.T) {
	logs, err := filepath.Glob("../../../../shared/corpus/apparmor/kernel/*.log")
	if err != nil || len(logs) == 0 {
		t.Skip("no corpus of kernel logs")
	}
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed (Debian: apparmor)")
	}
	for _, log := range logs {
		t.Run(filepath.Base(log), func(t *testing.T) {
			text, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			rules, notes := proposals(t, propose.Options{Exec: propose.Inherit}, text)
			for _, note := range notes {
				if strings.HasPrefix(note, "unsupported") && !strings.Contains(note, "hat or profile that does not exist") || strings.HasPrefix(note, "incomplete") {
					t.Error(note)
				}
			}
			if _, refused := compileAll(t, rules); len(refused) > 0 {
				t.Errorf("the parser does not take %q", refused)
			}
		})
	}
}

// deniedWords are what the log calls what was denied; where it has no mask, as
// older kernels for sockets, the operation says it.
func deniedWords(fields map[string]string) (words []string) {
	for _, key := range []string{"denied_mask", "denied", "mask"} {
		words = append(words, strings.Fields(fields[key])...)
	}
	if operation := map[string]string{
		"sendmsg": "send", "recvmsg": "receive", "socket_create": "create", "socket_sendmsg": "send", "socket_recvmsg": "receive",
	}[fields["operation"]]; len(words) == 0 && operation != "" {
		words = append(words, operation)
	}
	if len(words) == 0 {
		words = append(words, strings.TrimPrefix(fields["operation"], "socket_"))
	}
	return words
}

// logField is one field of a raw line.
var logField = regexp.MustCompile(`\b([a-z_]+)=(?:"([^"]*)"|([^" ]+))`)

// fieldsOf reads a line without the parser that is under test.
func fieldsOf(line string) map[string]string {
	fields := make(map[string]string)
	for _, m := range logField.FindAllStringSubmatch(line, -1) {
		value := m[2]
		if value == "" {
			value = strings.TrimRight(m[3], "'")
			if raw, err := hex.DecodeString(value); err == nil && (strings.HasPrefix(m[1], "name") || m[1] == "profile") {
				value = string(raw)
			}
		}
		fields[m[1]] = value
	}
	return fields
}

// No rule has anything that the line did not say was denied.
func TestCorpusGrantsNoMore(t *testing.T) {
	inputs, err := filepath.Glob(corpus + "/*.in")
	if err != nil || len(inputs) == 0 {
		t.Skip("no corpus in " + corpus)
	}
	count := 0
	for _, input := range inputs {
		log, err := os.ReadFile(input)
		if err != nil {
			t.Fatal(err)
		}
		p := propose.New(propose.Options{Parser: 4, Exec: propose.Inherit, Exact: true})
		var ev record.Event
		if result, err := kernlog.New(kernlog.Config{}).Parse(bytes.TrimRight(log, "\n"), nil, &ev); err != nil || result.Kind != kernlog.Event {
			continue
		}
		if err := p.AddEvent(&ev); err != nil {
			t.Fatal(err)
		}
		fields := fieldsOf(string(log))
		denied := deniedWords(fields)
		for r := range p.Rules() {
			count++
			for _, a := range r.Typed {
				if why := beyondLog(a, fields, denied); why != "" {
					t.Errorf("%s: %s of %s: %s\n%s", filepath.Base(input), a.Name, r.Text, why, log)
				}
			}
		}
	}
	if count < 70 {
		t.Errorf("%d rules", count)
	}
}

// beyondLog says what of an attribute the line does not have.
func beyondLog(a record.Attr, fields map[string]string, denied []string) string {
	switch a.Name {
	case "class", "owner", "stack":
		return ""
	case "access":
		if a.List == nil { // letters
			all := strings.NewReplacer("c", "w", "d", "w", ":", "").Replace(strings.Join(denied, ""))
			if rest := strings.Trim(strings.TrimSuffix(a.Text, "ix"), all); rest != "" {
				return "not denied: " + rest
			}
			if strings.HasSuffix(a.Text, "ix") && !strings.Contains(all, "x") {
				return "not denied: x"
			}
			return ""
		}
		for _, word := range a.List {
			if !slices.Contains(denied, word) && !slices.Contains(denied, "userns_"+word) {
				return "not denied: " + word
			}
		}
		return ""
	case "options":
		for _, word := range a.List {
			if !slices.Contains(strings.FieldsFunc(fields["flags"], func(r rune) bool { return r == ' ' || r == ',' }), word) {
				return "not among the flags: " + word
			}
		}
		return ""
	}
	for _, value := range append(a.List, a.Text) {
		found := value == "" || value == "posix" || value == "sysv"
		for _, have := range fields {
			found = found || have == value || have+"/" == value
		}
		if !found {
			return "not in the line: " + value
		}
	}
	return ""
}
