package propose_test

import (
	"bytes"
	"cmp"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/apparmor/policy"
	"github.com/sl-suite/sl/lib/apparmor/propose"
)

const kernelCorpus = "../../../../shared/corpus/apparmor/kernel/"

// otherwiseClosed is what is meant to differ from the rules that a person had
// loaded to close a case: our rules, how they are related, and why.
type otherwiseClosed struct {
	rules string
	is    relation
	why   string
}

type relation uint8

const (
	part   relation = iota // of what the person's rules grant
	beyond                 // more than that, in some way
	none                   // no rule, but a note
)

var otherKernel = map[string]otherwiseClosed{
	// What the kernel refuses first is all that it logs: what comes after is in the
	// log of the next run.
	"011-rename":             {`owner "/d/f" rw,`, part, "the new name was not looked at any more"},
	"013-rename_over":        {`owner "/d/f" rw,`, part, "the new name was not looked at any more"},
	"014-rename_xchg":        {`owner "/d/g" rw,`, part, "the other name was not looked at any more"},
	"050-exec_script":        {`owner "/d/s.sh" rmix,`, part, "its interpreter was not run"},
	"099-un_pair":            {`unix (create) type=stream,`, part, "nothing was sent, since nothing was created"},
	"100-un_bind_path":       {`owner "/d/sock" w,`, part, "nothing was bound, since no file was made"},
	"102-un_bind_abs":        {`unix (create) type=stream,`, part, "nothing was bound, so there is no address yet"},
	"104-un_connect_abs_net": {`unix (connect) type=stream,`, beyond, "this kernel does not look at the peer, and does not log it"},
	"131-cp_noattr": {`owner "@{PROC}/@{pid}/attr/apparmor/current" w, owner "@{PROC}/@{pid}/attr/current" w,`, part,
		"no change was asked for, since the file could not be written"},

	// The person's rules have what was allowed before, or what nobody asked for.
	"017-link_rw":             {`owner link "/d/l" -> "/d/f",`, part, "reading and writing were not denied"},
	"028-tmpfile":             {`owner "/tmp/#*" rw,`, part, "the number alone is another each time"},
	"030-plock":               {`owner "/d/f" k,`, part, "reading and writing were allowed"},
	"031-mmapx":               {`owner "/d/f" m,`, part, "reading was allowed"},
	"032-mprotx":              {`owner "/d/f" m,`, part, "reading was allowed"},
	"086-net_unix_stream_net": {`unix (create) type=stream,`, part, "the access is known"},
	"087-net_unix_dgram":      {`unix (create) type=dgram,`, part, "the access is known"},
	"117-mnt_tmpfs":           {`mount fstype=tmpfs options=(rw) "tmpfs" -> "/d/m/",`, part, "the options are known"},
	"149-all":                 {`network inet stream, owner "/d/f" r,`, part, "not everything was denied"},

	// The log says less, or more, than the person knew.
	"015-link":         {`owner link "/d/l" -> "/d/f",`, part, "both names are known"},
	"071-cap_syslog":   {`capability sys_admin, capability syslog,`, beyond, "both were denied; a note says that the smaller may do"},
	"075-cap_dac_read": {`capability dac_override, capability dac_read_search,`, beyond, "both were denied; a note says that the smaller may do"},
	"132-onexec":       {`change_profile -> "q_peer",`, beyond, "the kernel does not log the program that would be run"},
	"134-hat_in":       {`owner "/d/f" r,`, beyond, "the process was in no hat when it was refused"},

	// How a program runs is a choice, and unconfined is none.
	"046-exec_px_noprofile": {``, none, "the rule was there, the profile is missing"},
	"047-exec_px":           {`owner "/t/helper" Px,`, beyond, "the name of the other profile is a choice"},
	"048-exec_cx":           {`owner "/t/helper" Cx,`, beyond, "the name of the child, and what is in it, is a choice"},
	"049-exec_ux":           {`owner "/t/helper" rmix,`, beyond, "unconfined is no choice"},
	"044-exec_none":         {`owner "/t/helper" rmix,`, beyond, "a program that others run so is read and mapped"},

	// A hat is a profile, and no rule is made for a name that cannot be shown.
	"058-complain_hat":     {``, none, "a note proposes the hat"},
	"151-name_tab":         {``, none, "a control character"},
	"155-name_newline":     {``, none, "a control character"},
	"156-name_newline_oct": {``, none, "a control character"},
	"172-name_esc":         {``, none, "a control character"},
}

// execOf is what --exec has to say for the choice that the person made.
var execOf = map[string]propose.Exec{"047-exec_px": propose.OwnProfile, "048-exec_cx": propose.ChildProfile}

// uncut are rules that the table does not have in full.
var uncut = map[string]string{
	"055-complain":  `/d/f r, /d/g w, /d/x/ w, signal (send) set=(exists) peer=unconfined, network inet stream, capability sys_admin,`,
	"175-name_long": "/d/" + strings.Repeat("L", 250) + " r,",
}

// kernelCase is one row of a TABLE: an act, what it made the kernel log, and the
// rules that a person had loaded to close it.
type kernelCase struct {
	class, name, result, rules string
	log                        []byte
}

// kernelCases returns the rows of a table, each with its lines: those of one class
// stand in one file, in the order of the rows.
func kernelCases(t *testing.T, set string) (cases []kernelCase) {
	t.Helper()
	table, err := os.ReadFile(kernelCorpus + "TABLE-" + set + ".tsv")
	if err != nil {
		t.Fatal(err)
	}
	logs := make(map[string][][]byte)
	for row := range strings.Lines(string(table)) {
		cell := strings.Split(strings.TrimSuffix(row, "\n"), "\t")
		if len(cell) != 9 {
			t.Fatalf("%q: want 9 cells", row)
		}
		c := kernelCase{class: cell[0], name: cell[1], result: cell[3], rules: cmp.Or(uncut[cell[1]], cell[4])}
		c.rules = strings.ReplaceAll(c.rules, "@{profile_name}", c.profile())
		if _, read := logs[c.class]; !read {
			log, err := os.ReadFile(kernelCorpus + set + "-" + c.class + ".log")
			if err != nil {
				t.Fatal(err)
			}
			logs[c.class] = slices.Collect(bytes.Lines(log))
		}
		n, err := strconv.Atoi(cell[2])
		if err != nil || n > len(logs[c.class]) {
			t.Fatalf("%s: %s lines, and %d are left", c.name, cell[2], len(logs[c.class]))
		}
		c.log = bytes.Join(logs[c.class][:n], nil)
		logs[c.class] = logs[c.class][n:]
		cases = append(cases, c)
	}
	for class, left := range logs {
		if len(left) > 0 {
			t.Errorf("%s: %d lines of no case", class, len(left))
		}
	}
	return cases
}

var (
	fsuid = regexp.MustCompile(` fsuid=(\d+)`)
	ouid  = regexp.MustCompile(` ouid=(\d+)`)
	// fileRule is the beginning of a file rule that is not for the owner alone.
	fileRule = regexp.MustCompile(`(^|, )(["/@]|link )`)
)

func (c *kernelCase) profile() string {
	_, name, _ := strings.Cut(c.name, "-")
	return name
}

// expected returns the person's rules, for the owner of the files alone where all
// lines are of the owner.
func (c *kernelCase) expected() string {
	for line := range bytes.Lines(c.log) {
		f, o := fsuid.FindSubmatch(line), ouid.FindSubmatch(line)
		if f != nil && (o == nil || string(f[1]) != string(o[1])) {
			return c.rules
		}
	}
	return fileRule.ReplaceAllString(c.rules, "${1}owner ${2}")
}

// kernelPolicy has the variables, and the profile of the case, so that they are
// put in.
func (c *kernelCase) policy() *policy.Policy {
	return policy.New("/", map[string]string{"p": kernelVariables + "profile " + c.profile() + " {}\n"})
}

const kernelVariables = "@{PROC}=/proc/\n@{sys}=/sys/\n@{pid}={[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9]}\n"

// Every case that the person's rules closed is closed by ours: they mean the same,
// or the table above says why not, and then they grant nothing beyond.
func TestKernelClosed(t *testing.T) {
	if _, err := os.Stat(kernelCorpus); err != nil {
		t.Skip("no corpus of kernel logs")
	}
	version, err := exec.Command("apparmor_parser", "--version").Output()
	if err != nil {
		t.Skip("apparmor_parser is not installed (Debian: apparmor)")
	}
	three := strings.Contains(string(version), "version 3.")
	dir := t.TempDir()
	features := filepath.Join(dir, "features")
	write(t, features, kernelFeatures)
	meaning := func(rules string) (string, error) {
		path := filepath.Join(dir, "profile")
		write(t, path, kernelVariables+"profile t {\n"+rules+"\n}\n")
		policy, err := compile(dir, features, path)
		return string(policy), err
	}
	nothing, err := meaning("")
	if err != nil {
		t.Fatal(err)
	}
	same, differ, left := 0, 0, 0
	for set, parser := range map[string]int{"debian12-k6.1": 3, "k612": 4} {
		for _, c := range kernelCases(t, set) {
			exec := cmp.Or(execOf[c.name], propose.Inherit)
			rules, notes := proposals(t, propose.Options{Parser: parser, Exec: exec, Policy: c.policy()}, c.log)
			for i, r := range rules {
				_, rules[i], _ = strings.Cut(r, ": ")
			}
			got := strings.Join(rules, " ")
			if len(c.log) > 0 && len(rules)+len(notes) == 0 && !bytes.Contains(c.log, []byte(`"AUDIT"`)) {
				t.Errorf("%s: neither rule nor note", c.name)
			}
			if c.result != "closed" {
				left++
				continue
			}
			ours, err := meaning(got)
			theirs, theirErr := meaning(c.expected())
			if later := set == "k612" && three && (err != nil || theirErr != nil); later {
				if want := later4[c.name]; got != want {
					t.Errorf("%s: %s, want %s", c.name, got, want)
				}
				same++
				continue
			}
			if err != nil || theirErr != nil {
				t.Errorf("%s: %s: %v; %s: %v", c.name, got, err, c.expected(), theirErr)
				continue
			}
			want, known := otherKernel[c.name]
			if !known {
				if ours != theirs || ours == nothing {
					t.Errorf("%s: rules\n%s\nnotes\n%q\nwant\n%s", c.name, got, notes, c.expected())
				}
				same++
				continue
			}
			differ++
			if got != want.rules {
				t.Errorf("%s: %s\nwant (%s)\n%s", c.name, got, want.why, want.rules)
			}
			wide := c.rules + "\n"
			if owned := c.expected(); owned != c.rules && !strings.Contains(owned, "{ ") { // no second child
				wide += owned + "\n"
			}
			alone, err := meaning(wide)
			if err != nil {
				t.Errorf("%s: %s: %v", c.name, wide, err)
				continue
			}
			both, err := meaning(wide + got) // an error where two ways to run a program meet
			switch is := relationOf(got, err == nil && both == alone); {
			case is != want.is:
				t.Errorf("%s: %s to %s has the relation %d, want %d (%s)", c.name, got, c.rules, is, want.is, want.why)
			case is == none && len(notes) == 0:
				t.Errorf("%s: no note", c.name)
			case is != none && ours == theirs:
				t.Errorf("%s: means the same", c.name)
			}
		}
	}
	t.Logf("%d cases closed by rules that mean the same, %d by others; %d were not closed", same, differ, left)
}

func relationOf(rules string, contained bool) relation {
	switch {
	case rules == "":
		return none
	case contained:
		return part
	}
	return beyond
}

// later4 are the rules of cases that only a later parser than 3 can compare.
var later4 = map[string]string{
	"142-userns": `userns create,`,
	"149-all":    `network (create) inet stream, owner "/d/f" r,`,
}

// kernelFeatures make apparmor_parser compile every class and family.
const kernelFeatures = `caps {mask {chown
}
}
capability {0xffffff
}
rlimit {mask {nofile
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
network {af_mask {unix inet inet6 netlink packet alg vsock bluetooth
}
af_unix {yes
}
}
network_v8 {af_mask {unix inet inet6 netlink packet alg vsock bluetooth
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

// ruleExpression is the path of a file rule, as apparmor_parser understood it.
var ruleExpression = regexp.MustCompile(`(?m)^rule: .*  ->  (/.*) \(0x[0-9a-f]+/`)

// unescaped undoes the parser's way to print an expression; ok is false where it
// is more than one name.
func unescaped(expression string) (names []string, ok bool) {
	var name []byte
	for i := 0; i < len(expression); i++ {
		switch c := expression[i]; {
		case strings.HasPrefix(expression[i:], `\x0/`): // a link rule has two names
			names = append(names, string(name))
			name = nil
			i += len(`\x0`) - 1
		case strings.HasPrefix(expression[i:], `\x`):
			n, err := strconv.ParseUint(expression[i+2:min(i+4, len(expression))], 16, 8)
			if err != nil {
				return nil, false
			}
			name = append(name, byte(n))
			i += 3
		case c == '\\' && i+1 < len(expression):
			i++
			name = append(name, expression[i])
		case strings.IndexByte("[](){}*|", c) >= 0 && !strings.HasPrefix(expression[i:], "{") && !strings.HasPrefix(expression[i:], "}"):
			return nil, false
		default:
			name = append(name, c)
		}
	}
	return append(names, string(name)), true
}

// The paths that apparmor_parser finds in our rules are names that the log has,
// byte for byte, and none is missing. It prints a backslash that is meant like one
// that escapes, so backslashes are left out on both sides.
func TestKernelRuleExpressions(t *testing.T) {
	logs, err := filepath.Glob(kernelCorpus + "*.log")
	if err != nil || len(logs) == 0 {
		t.Skip("no corpus of kernel logs")
	}
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed (Debian: apparmor)")
	}
	dir := t.TempDir()
	features, path := filepath.Join(dir, "features"), filepath.Join(dir, "profile")
	write(t, features, kernelFeatures)
	compared := 0
	for _, file := range logs {
		log, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		inLog := make(map[string]bool)
		for line := range strings.Lines(string(log)) {
			fields := fieldsOf(line)
			for _, key := range []string{"name", "target"} {
				inLog[strings.ReplaceAll(fields[key], `\`, "")] = true
			}
		}
		rules, _ := proposals(t, propose.Options{Exec: propose.Inherit, Exact: true}, log)
		var ours []string
		want := make(map[string]bool)
		for _, r := range rules {
			_, text, _ := strings.Cut(r, ": ")
			rule, err := apparmor.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			literal := func(p apparmor.Pattern) string {
				name, _ := p.Literal()
				return strings.ReplaceAll(name, `\`, "")
			}
			switch b := rule.Body.(type) {
			case apparmor.File:
				want[literal(b.Path)] = true
			case apparmor.Link: // the parser makes two of it
				want[literal(b.Name)], want[literal(b.Name)+"\x00"+literal(b.Target)] = true, true
			default:
				continue
			}
			ours = append(ours, text)
		}
		write(t, path, "profile t {\n"+strings.Join(ours, "\n")+"\n}\n")
		cmd := exec.Command("apparmor_parser", "-D", "rule-exprs", "-Q", "-K", "-q", "--base", dir, "--config-file", "/dev/null", "-M", features, path)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		found := make(map[string]bool)
		for _, m := range ruleExpression.FindAllSubmatch(out, -1) {
			names, ok := unescaped(string(m[1]))
			if !ok {
				t.Errorf("%s: %s is not one name", file, m[1])
			}
			for _, name := range names {
				if !inLog[name] {
					t.Errorf("%s: %q is no name of the log (%s)", file, name, m[1])
				}
				compared++
			}
			found[strings.Join(names, "\x00")] = true
		}
		if !maps.Equal(found, want) {
			t.Errorf("%s: paths %q, want %q", file, slices.Sorted(maps.Keys(found)), slices.Sorted(maps.Keys(want)))
		}
	}
	if compared < 50 {
		t.Errorf("%d paths", compared)
	}
	t.Logf("%d paths", compared)
}
