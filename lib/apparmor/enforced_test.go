package apparmor

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/sl-suite/sl/scripts/lab/sample"
)

// policies are what random rules go into: tunables that are not all Debian's, and profiles that
// confine nothing.
var policies = []struct {
	name, tunables string
	variables      map[string][]string
}{
	{"Debian", `@{HOMEDIRS}=/home/
@{HOME}=@{HOMEDIRS}/*/ /root/
@{PROC}=/proc/
@{sys}=/sys/
@{securityfs}=@{sys}/kernel/security/
@{run}=/run/ /var/run/
@{etc_rw}=/etc/
@{pid}={[1-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9]}
@{uid}={[0-9],[1-9][0-9],[1-9][0-9][0-9],[1-9][0-9][0-9][0-9]}
@{multiarch}=*-linux-gnu*
`, nil},
	{"another", `@{HOMEDIRS}=/home/ /srv/home/
@{HOMEDIRS}+=/data/*/
@{HOME}=@{HOMEDIRS}/*/ /root/ /{root,var/root}/
@{PROC}=/{proc,sys}/
@{sys}=/s[x-z]s/
@{securityfs}=/sys/kernel//security/
@{run}=/r?n/
@{run}+=/var/run /etc/
@{etc_rw}=/e*/
@{pid}={1,self,@{uid}}
@{uid}=[0-9]*
@{multiarch}=x86_64-linux-gnu *
`, map[string][]string{
		"HOMEDIRS": {"/home/", "/srv/home/", "/data/*/"}, "HOME": {"@{HOMEDIRS}/*/", "/root/", "/{root,var/root}/"}, "PROC": {"/{proc,sys}/"},
		"sys": {"/s[x-z]s/"}, "securityfs": {"/sys/kernel//security/"}, "run": {"/r?n/", "/var/run", "/etc/"}, "etc_rw": {"/e*/"},
		"pid": {"{1,self,@{uid}}"}, "uid": {"[0-9]*"}, "multiarch": {"x86_64-linux-gnu", "*"},
	}},
}

// around are the profiles of the policy that rules can lead to.
const around = `profile loose flags=(unconfined) { }
profile open /usr/bin/open flags=(complain, attach_disconnected) { }
profile tight /usr/bin/tight { }
`

var aroundProfiles = []Profile{
	{Name: "loose", Flags: []string{"unconfined"}}, {Name: "open", Attachment: "/usr/bin/open", Flags: []string{"complain", "attach_disconnected"}},
	{Name: "tight", Attachment: "/usr/bin/tight"},
}

// Whatever dangerous path the expression matches that the parser makes of a pattern,
// the rule is at least as dangerous as one for that path.
func TestDangerCoversWhatParserMatches(t *testing.T) {
	p := newParser(t)
	r := sample.Rand(t)
	want, tried, refused, hits := sample.Size(600, 12000), 0, 0, 0
	names := namesOfTables()
	for batch := 0; tried < want; batch++ {
		policy := &policies[batch%len(policies)]
		place := NewPlace(policy.variables, nil, nil)
		var rules []Rule
		for len(rules) < 200 {
			text := pick(r, "", "owner ") + `"` + randomPath(r) + `" ` + pick(r, "r", "w", "rw") + ","
			rule, err := Parse(text)
			if err != nil {
				refused++
				continue
			}
			if _, err := place.texts(rule.Body.(File).Path); err != nil {
				if level, _ := place.Danger("", rule); level < 10 {
					t.Errorf("%s: danger %d, although %v", text, level, err)
				}
				refused++
				continue
			}
			rules = append(rules, rule)
		}
		for i, expression := range p.expressions(t, policy.tunables, rules) {
			tried++
			hits += heldBy(t, place, rules[i], expression, names)
		}
	}
	t.Logf("%d rules, %d more refused, %d times one matched a dangerous name", tried, refused, hits)
}

// namesOfTables returns a name for each row of the tables, and the dangerousPaths.
func namesOfTables() (names []string) {
	for _, line := range dangerRows().lines {
		for _, row := range line.rows {
			names = append(names, strings.NewReplacer("**", "y/x", "*", "x").Replace(strings.ReplaceAll(row.text, "**", "*")))
		}
	}
	for _, d := range dangerousPaths {
		names = append(names, d.path)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// heldBy holds the rule against each name that the expression matches.
func heldBy(t *testing.T, place *Place, rule Rule, expression *regexp.Regexp, names []string) (hits int) {
	t.Helper()
	file := rule.Body.(File)
	level, _ := place.Danger("", rule)
	if level == 10 {
		return 0
	}
	for _, name := range names {
		if !expression.MatchString(name) {
			continue
		}
		hits++
		one := file
		one.Path, _ = Literal(name)
		l, why := place.Danger("", Rule{Body: one})
		if l > level && !(lenient(file.Path) && whereverItLies(place, one, l)) {
			t.Errorf("%s has danger %d, and matches %s: %d, %s", rule.Text(), level, name, l, why)
		}
	}
	return hits
}

// lenient reports whether the pattern is taken for what is in a folder as a rule.
func lenient(p Pattern) bool {
	return p.isAllSiblings() || strings.HasSuffix(p.text, nameless) || p.hasRandomEnd()
}

// whereverItLies reports whether a name has the level only for what it is called.
func whereverItLies(place *Place, f File, level uint8) bool {
	name, _ := f.Path.Literal()
	m := newPathMeeter(f.Path, name)
	only := true
	m.lines(dangerRows(), &wanted{owner: f.Owner, read: f.Access&Read != 0, write: f.Access&Write != 0, level: level - 1}, func(line *pathLine) bool {
		only = only && line.anywhere
		return true
	})
	return only
}

// expressions returns what the parser makes of the rules for files, each alone in a
// profile.
func (p parser) expressions(t *testing.T, tunables string, rules []Rule) (list []*regexp.Regexp) {
	t.Helper()
	text := tunables
	for i, rule := range rules {
		text += fmt.Sprintf("profile number%03d { %s }\n", i, rule.Text())
	}
	dump, err := p.dump(p.write(t, "profile", text), "rule-exprs")
	if err != nil {
		t.Fatal(err, dump)
	}
	for i, part := range strings.Split(dump, "aare: number")[1:] {
		if !strings.HasPrefix(part, fmt.Sprintf("%03d ", i)) {
			t.Fatalf("profile %d begins %.40q", i, part)
		}
		m := regexp.MustCompile(`(?m)^rule: ([/(].*?)  ->  `).FindStringSubmatch(part)
		if m == nil {
			t.Fatalf("%s: no expression in %q", rules[i].Text(), part)
		}
		// Bytes are characters of Latin 1 for both.
		expression := []rune{}
		for _, c := range []byte(m[1]) {
			expression = append(expression, rune(c))
		}
		compiled, err := regexp.Compile("^(?s:" + string(expression) + ")$")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, compiled)
	}
	return list
}

// effect is something that no set of rules below the default limit may let through.
type effect struct {
	name   string
	allows func(c *compiled) bool
}

// The bits of a permission (security/apparmor/include/perms.h, and for executions
// policy_compat.c), those of the owner and of others.
const (
	maySetProfile = 0x80000000
	mayExec       = 1
	mayWrite      = 2
	mayRead       = 4
	mayAppend     = 8
)

// forbidden are the effects.
func forbidden() (list []effect) {
	add := func(name string, allows func(c *compiled) bool) { list = append(list, effect{name, allows}) }
	for _, d := range dangerousPaths {
		for _, letter := range d.letters {
			bit := map[rune]uint32{'r': mayRead, 'w': mayWrite, 'a': mayAppend}[letter]
			add(string(letter)+" "+d.path, func(c *compiled) bool {
				perms := c.files.allows(d.path)
				return perms&bit != 0 || perms>>14&bit != 0
			})
		}
	}
	for _, name := range []string{"unconfined", "loose", "open"} {
		add("change to "+name, func(c *compiled) bool { return c.files.allows(name)&maySetProfile != 0 })
	}
	for _, path := range []string{"/usr/bin/id", "/usr/bin/open", "/usr/bin/tight"} {
		add("leave by "+path, func(c *compiled) bool {
			perms := c.files.allows(path)
			return c.leavesBy(path, perms) || c.leavesBy(path, perms>>14)
		})
	}
	for _, name := range []string{"mac_admin", "mac_override", "sys_module", "sys_rawio", "sys_admin", "sys_boot", "mknod"} {
		number := slices.Index(capabilities.words, name)
		add("capability "+name, func(c *compiled) bool { return c.caps>>number&1 != 0 })
	}
	for number, least := range map[int]uint64{0: 3600, 1: 1 << 20, 3: 64 << 10, 6: 16, 7: 64, 9: 64 << 20} { // cpu fsize stack nproc nofile as
		add(fmt.Sprint("limit ", number), func(c *compiled) bool { value, set := c.limits[number]; return set && value < least })
	}
	for name, query := range queries {
		add(name, func(c *compiled) bool { return c.others.allows(query.text)&query.bits != 0 })
	}
	return list
}

// queries are what the kernel, and for messages dbus-daemon, asks of a policy
// (security/apparmor/mount.c: place, device, type, then a byte for each flag).
var queries = map[string]struct {
	text string
	bits uint32
}{
	"trace unconfined":   {"\x09unconfined", 2},
	"trace loose":        {"\x09loose", 2},
	"rbind / to /tmp/x/": {"\x07/tmp/x/\x00/\x00\x00\x0d\x0f", 2},
	"bind /etc/ to /srv": {"\x07/srv/x/\x00/etc/\x00\x00\x0d", 2},
	"move / to /tmp/x/":  {"\x07/tmp/x/\x00/\x00\x00\x0e", 2},
	"remount /tmp/x/":    {"\x07/tmp/x/\x00\x00\x00\x06", 2},
	"mount a disk":       {"\x07/tmp/x/\x00/dev/sda1\x00ext4\x00", 2},
	"mount proc":         {"\x07/tmp/x/\x00proc\x00proc\x00", 2},
	"mount over /etc/":   {"\x07/etc/\x00tmpfs\x00tmpfs\x00", 2},
	"mount overlay":      {"\x07/mnt/\x00none\x00overlay\x00", 2},
	"mount devtmpfs":     {"\x07/run/app/m/\x00none\x00devtmpfs\x00", 2},
	"pivot_root":         {"\x07/tmp/x/\x00/tmp/x/old/", 1},
	"session starts":     {"\x20session\x00org.freedesktop.systemd1\x00unconfined\x00/org/freedesktop/systemd1\x00org.freedesktop.systemd1.Manager\x00StartTransientUnit", 2},
	"system starts":      {"\x20system\x00org.freedesktop.systemd1\x00unconfined\x00/org/freedesktop/systemd1\x00org.freedesktop.systemd1.Manager\x00StartTransientUnit", 2},
	"system installs":    {"\x20system\x00org.freedesktop.PackageKit\x00unconfined\x00/a\x00org.freedesktop.PackageKit.Transaction\x00InstallFiles", 2},
}

// leavesBy reports whether the execution of a path ends in a profile that confines
// nothing (security/apparmor/policy_compat.c, dfa_map_xindex; domain.c, x_to_label).
func (c *compiled) leavesBy(path string, perms uint32) bool {
	if perms&mayExec == 0 {
		return false
	}
	weak := []string{"unconfined", "loose", "open"}
	switch index := perms >> 10 & 0xf; {
	case index == 0 && perms&0x80 == 0, index == 3: // in the same profile, or a child, which there is none of
		return perms&0x80 != 0
	case index == 1, perms&0x80 != 0:
		return true
	case index == 2:
		return path == "/usr/bin/open"
	case index > 3:
		return slices.Contains(weak, c.xtable[index-4])
	}
	return false
}

// Whatever a compiled set of rules lets through that is on the list of forbidden
// effects, a rule of the set has at least the danger from which on sl-write refuses.
func TestRefusedWhateverForbiddenIsLetThrough(t *testing.T) {
	p := newParser(t)
	r := sample.Rand(t)
	effects := forbidden()
	want, rules, sets, clashes, through := sample.Size(700, 12000), 0, 0, 0, 0
	seen := make(map[string]bool)
	for batch := 0; rules < want; batch++ {
		policy := &policies[batch%len(policies)]
		place := NewPlace(policy.variables, nil, aroundProfiles)
		var list [][]Rule
		for range 60 {
			set := randomSet(func(exec bool) string { return randomRule(r, exec) }, place, r.IntN(2)*r.IntN(8)+1)
			list = append(list, set)
		}
		list, machines := p.sets(t, policy.tunables, list, &clashes)
		for i, c := range machines {
			sets++
			rules += len(list[i])
			level := uint8(0)
			for _, rule := range list[i] {
				l, _ := place.Danger(c.name, rule)
				level = max(level, l)
			}
			for _, e := range effects {
				if !e.allows(c) {
					continue
				}
				through++
				seen[e.name] = true
				if level < 7 {
					t.Errorf("%s: danger %d lets through: %s", strings.Join(texts(list[i]), " "), level, e.name)
				}
			}
		}
	}
	if sample.Full() {
		for _, e := range effects {
			if !seen[e.name] {
				t.Errorf("no set of rules let through: %s", e.name)
			}
		}
	}
	t.Logf("%d rules in %d sets, %d more that clash; %d of %d effects were let through %d times, and refused", rules, sets, clashes, len(seen), len(effects), through)
}

// randomSet returns rules of which one at most executes: others would clash. Those
// with an undefined variable are no policy.
func randomSet(text func(exec bool) string, place *Place, n int) (set []Rule) {
	exec := true
	for len(set) < n {
		rule, err := Parse(text(exec))
		if err != nil {
			continue
		}
		if _, why := place.Danger("", rule); strings.HasPrefix(why, "@{") {
			continue
		}
		if f, ok := rule.Body.(File); ok && f.Exec != NoExec {
			exec = false
		}
		set = append(set, rule)
	}
	return set
}

// sets compiles each set in a profile of its own, and returns those that the parser
// takes.
func (p parser) sets(t *testing.T, tunables string, list [][]Rule, clashes *int) (taken [][]Rule, machines []*compiled) {
	t.Helper()
	text := tunables + around
	for i, set := range list {
		text += fmt.Sprintf("profile number%d {\n%s\n}\n", i, strings.Join(texts(set), "\n"))
	}
	stream, err := p.run(p.write(t, "profile", text), "-S")
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && len(list) > 1 {
		half := len(list) / 2
		taken, machines = p.sets(t, tunables, list[:half], clashes)
		more, others := p.sets(t, tunables, list[half:], clashes)
		return append(taken, more...), append(machines, others...)
	}
	if err != nil {
		*clashes++
		t.Log(err, text[len(tunables)+len(around):])
		return nil, nil
	}
	all, err := profiles(stream)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		at := slices.IndexFunc(all, func(c *compiled) bool { return c.name == fmt.Sprintf("number%d", i) })
		if at < 0 {
			t.Fatalf("no profile number%d", i)
		}
		machines = append(machines, all[at])
	}
	return list, machines
}
