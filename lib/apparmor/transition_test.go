package apparmor

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// limit is from where on sl-write refuses.
const limit = 7

func danger(t *testing.T, p *Place, profile, text string) (level uint8, why string) {
	t.Helper()
	r, err := Parse(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return p.Danger(profile, r)
}

// What a program may do after a transition is what its target lets it.
func TestTransitionGradedByTarget(t *testing.T) {
	place := NewPlace(map[string][]string{"bin": {"/{,usr/}bin", "/opt/bin/"}}, nil, []Profile{
		{Name: "tight", Attachment: "/usr/bin/tight"}, {Name: "tight//kid"}, {Name: "tight//loose", Flags: []string{"unconfined"}},
		{Name: "loose", Attachment: "@{bin}/loose{,.real}", Flags: []string{"attach_disconnected", "unconfined"}},
		{Name: "/usr/bin/open*", Flags: []string{"complain"}}, {Name: "allowing", Attachment: "/srv/[ab]/x", Flags: []string{"default_allow"}},
		{Name: "asking", Flags: []string{"prompt"}}, {Name: "odd", Attachment: "@{nosuch}/odd", Flags: []string{"mode=complain"}},
		{Name: "tight//lax", Attachment: "/usr/bin/lax", Flags: []string{"complain"}}, {Name: "killing", Flags: []string{"kill"}},
	})
	// Anything can be attached to @{nosuch}/odd, so these ask a policy without it.
	plain := NewPlace(place.variables, nil, append(place.profiles[:7:7], place.profiles[8:]...))
	for _, letters := range []string{"Px", "px", "Pix", "pix"} {
		for target, leaves := range map[string]bool{
			"unconfined": true, "loose": true, "/usr/bin/open*": true, "allowing": true, "asking": true, "odd": true, "nosuch": true,
			"tight": false, "tight//kid": false, "tight//loose": true, "killing": false,
		} {
			text := fmt.Sprintf(`"/usr/bin/id" %s -> "%s",`, letters, target)
			if r, err := Parse(text); err != nil || strings.Contains(target, "*") {
				if err == nil {
					t.Errorf("%s is %s", text, r.Text())
				}
				continue
			}
			if level, why := danger(t, place, "tight", text); (level == 10) != leaves {
				t.Errorf("%s: %d, %s", text, level, why)
			}
			if level, why := danger(t, debian(), "", text); (level == 10) != (target == "unconfined") {
				t.Errorf("%s where nothing is known: %d, %s", text, level, why)
			}
		}
		for path, leaves := range map[string]bool{
			"/usr/bin/id": false, "/usr/bin/tight": false, "/usr/bin/loose": true, "/bin/loose.real": true, "/opt/bin/loose": true, "/usr/bin/opener": true,
			"/srv/a/x": true, "/srv/c/x": false, "/usr/bin/*": true, "/opt/**": true, "/usr/bin/lax": false, "/usr/bin/t*": false,
		} {
			text := fmt.Sprintf(`"%s" %s,`, path, letters)
			if level, why := danger(t, plain, "tight", text); (level == 10) != leaves {
				t.Errorf("%s: %d, %s", text, level, why)
			}
		}
		if level, _ := danger(t, place, "tight", `"/usr/bin/id" `+letters+","); level != 10 {
			t.Errorf("%s: danger %d, although a profile may be attached to anything", letters, level)
		}
	}
	for text, leaves := range map[string]bool{
		`"/x/x" Cx -> "kid",`: false, `"/x/x" cix -> "loose",`: true, `"/x/x" Cx -> "lax",`: true, `"/x/x" Cx -> "unconfined",`: false, `"/x/x" Cx -> "nosuch",`: false,
		`"/usr/bin/lax" Cx,`: true, `"/usr/bin/loose" Cx,`: false, `"/usr/bin/*" Cix,`: true,
		`"/x/x" ix,`: false, `"/x/x" ux,`: true, `"/x/x" Ux,`: true, `"/x/x" PUx,`: true, `"/x/x" pux,`: true, `"/x/x" CUx,`: true, `"/x/x" cux -> "kid",`: true,
		`change_profile -> "unconfined",`: true, `change_profile -> "loose",`: true, `change_profile -> "tight",`: false, `change_profile -> "nosuch",`: true,
		`change_profile -> "t*",`: true, `change_profile -> "**",`: true, `change_profile -> "un*",`: true, `change_profile -> "/usr/bin/open\*",`: true,
		`change_profile -> "tight//kid",`: false, `change_profile -> "tight//*",`: true, `change_profile -> "killing",`: false,
		`change_profile -> "tight//&unconfined",`: true, `change_profile -> "tight//&killing",`: false, `change_profile -> "tight//&:ns:x",`: true,
		`change_profile -> "tight//&loose",`: true, `change_profile -> "&unconfined",`: false, `change_profile -> "&loose",`: false, `change_profile -> "*:x",`: true,
	} {
		if level, why := danger(t, plain, "tight", text); (level == 10) != leaves {
			t.Errorf("%s: %d, %s", text, level, why)
		}
	}
	if level, _ := danger(t, plain, "killing", `"/x/x" Cx -> "loose",`); level == 10 {
		t.Error("a child of another profile counts")
	}
	if level, _ := danger(t, plain, "", `"/x/x" Cx -> "loose",`); level != 10 {
		t.Error("a child of a profile that is not named does not count")
	}
	for text, want := range map[string]uint8{
		`ptrace (trace) peer="loose",`: 9, `ptrace (trace) peer="tight",`: 3, `ptrace (trace) peer="killing",`: 7, `ptrace (trace) peer="l*",`: 9,
		`signal (send) set=(term) peer="loose",`: 4, `signal (send) set=(term) peer="tight",`: 2,
	} {
		if level, why := danger(t, plain, "tight", text); level != want {
			t.Errorf("%s: %d, %s; want %d", text, level, why, want)
		}
	}
}

// The parser puts the value of a variable into the text: only where it is a whole
// component, or a whole beginning, is it seen what comes out.
func TestVariableIsAWholeComponent(t *testing.T) {
	for _, text := range []string{
		`"@{sys}kernel/security/apparmor/.replace" w,`, `"@{PROC}sys/kernel/core_pattern" w,`, `"@{HOME}.bashrc" w,`, `"@{run}docker.sock" rw,`,
		`"/@{HOME}x" w,`, `"/a@{pid}" r,`, `"/proc/@{pid}x/y" r,`, `"/proc/x@{pid}/y" r,`, `"/proc/@{pid}@{tid}/y" r,`, `"@{HOME}*" r,`, `"/*@{pid}" r,`,
		`"@{HOME}@{run}" r,`, `"x@{HOME}" r,`, `link "/a" -> "@{HOME}x",`, `umount "/m@{sys}",`, `mount options=(bind) "@{HOME}x" -> "/m/",`,
		`ptrace (read) peer="@{x}",`, `change_profile -> "@{x}",`, `dbus (bind) bus=system name="@{x}",`, `signal (send) set=(term) peer="a@{x}",`,
		`unix (send) type=stream peer=(label="@{x}"),`,
	} {
		if r, err := Parse(text); err == nil {
			t.Errorf("%s is taken: %d", text, first(Danger(r)))
		}
	}
	place := NewPlace(map[string][]string{
		"HOME": {"@{HOMEDIRS}/*/", "/root/"}, "HOMEDIRS": {"/home/", "/srv/users/"}, "sys": {"/sys/"}, "pid": {"[1-9]*"}, "wide": {"/srv/", "/etc/"},
		"slash": {"a/b"}, "all": {"**"}, "odd": {"{a,sys}"}, "loop": {"@{loop}"}, "braces": {"/{etc,srv}/cron.d/"}, "word": {"x"},
	}, nil, nil)
	for text, want := range map[string]uint8{
		`"@{HOME}/.bashrc" w,`: 9, `"/srv/users/u/.odd" w,`: 9, `"/srv/others/u/.odd" w,`: 2, `"@{sys}/kernel/security/x" w,`: 10, `"/@{HOME}/.bashrc" w,`: 10, `"@{nosuch}/x" r,`: 10, `"/x/@{nosuch}/y" r,`: 10,
		`"@{wide}/x" w,`: 9, `"/srv/@{slash}/x" r,`: 10, `"/srv/@{all}/x" r,`: 10, `"/proc/@{odd}/kernel/core_pattern" w,`: 10, `"@{loop}/x" r,`: 10,
		`"@{braces}/x" w,`: 9, `"@{word}/x" r,`: 10, `"/srv/@{word}/x" r,`: 1, `"/proc/@{pid}/comm" w,`: 2, `owner "@{HOME}/.cache/x" rw,`: 3,
		`link "/tmp/x" -> "@{wide}/shadow",`: 10, `umount "@{nosuch}/",`: 10, `mount options=(bind) "@{nosuch}/" -> "/m/",`: 10,
	} {
		if level, why := danger(t, place, "", text); level != want {
			t.Errorf("%s: %d, %s; want %d", text, level, why, want)
		}
	}
}

// An alias of the policy makes a rule for another path of each.
func TestAliasIsGraded(t *testing.T) {
	place := NewPlace(map[string][]string{"data": {"/srv/data/"}}, []Alias{{"/srv/data/", "/etc/"}, {"/old/", "/older/"}, {"/older/", "/dev/"}}, nil)
	for text, want := range map[string]uint8{
		`"/srv/data/cron.d/x" w,`: 9, `"@{data}/cron.d/x" w,`: 9, `"/srv/data/*" w,`: 9, `"/srv/x/cron.d/x" w,`: 2, `"/old/sda" w,`: 9,
		`link "/tmp/x" -> "/srv/data/passwd",`: 9, `mount fstype=tmpfs options=(nodev, nosuid, rw) "tmpfs" -> "/srv/data/x/",`: 9,
	} {
		if level, why := danger(t, place, "", text); level < want || want < 9 && level != want {
			t.Errorf("%s: %d, %s; want %d", text, level, why, want)
		}
	}
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed: ", err)
	}
	cmd := exec.Command("apparmor_parser", "-Q", "-K", "-q", "--config-file", "/dev/null", "-D", "rule-exprs")
	cmd.Stdin = strings.NewReader("alias /srv/data/ -> /etc/,\nprofile p { /srv/data/cron.d/x w, }\n")
	if out, _ := cmd.CombinedOutput(); !strings.Contains(string(out), "/etc/cron") {
		t.Errorf("the parser makes no rule of the alias: %s", out)
	}
}

func first(level uint8, _ string) uint8 { return level }

// TestAliasOfAttachment: an alias gives a profile another attachment, too.
func TestAliasOfAttachment(t *testing.T) {
	p := NewPlace(nil, []Alias{{"/usr/old/", "/usr/bin/"}}, []Profile{{Name: "x", Attachment: "/usr/old/x", Flags: []string{"complain"}}})
	if level, why := danger(t, p, "", `"/usr/bin/x" Px,`); level < limit {
		t.Errorf("%d, %s", level, why)
	}
	if level, why := danger(t, p, "", `"/usr/bin/y" Px,`); level >= limit {
		t.Errorf("%d, %s", level, why)
	}
}
