package propose

import (
	"strings"
	"testing"
)

// A rule is found by its text, or by the path that it is about, whatever its class;
// a note by what stands in it.
func TestExplanation(t *testing.T) {
	p := New(Options{Policy: testPolicy(), Glob: 2})
	for _, pairs := range []string{
		file + "operation=open name=/proc/7/x denied_mask=r",
		file + "operation=open name=/srv/a denied_mask=r", file + "operation=open name=/srv/b denied_mask=r",
		file + "operation=link name=/new target=/old denied_mask=l",
		file + "operation=exec name=/bin/x denied_mask=x",
		file + "operation=open name=/a denied_mask=r",
		"class=mount operation=mount name=/mnt/ fstype=tmpfs srcname=tmpfs",
		"class=mount operation=umount name=/media/",
		"class=mount operation=pivotroot name=/root/ srcname=/root/old/",
		"class=cap operation=capable capname=chown",
	} {
		if err := p.AddEvent(event(t, pairs)); err != nil {
			t.Fatal(err)
		}
	}
	for text, want := range map[string]string{
		"/proc/7/x":         "\n  \"@{PROC}/@{pid}/x\" r,\n",
		"@{PROC}/@{pid}/x":  "denied was \"/proc/7/x\" r,\n",
		"/srv/a":            "\n  \"/srv/*\" r,\n",
		`"/srv/*" r,`:       "denied was \"/srv/b\" r,\n",
		"/new":              "\n  link \"/new\" -> \"/old\",\n",
		"/bin/x":            "note (exec): exec of \"/bin/x\"\n",
		"/a":                "it allows it by \"/a r,\" at \"/etc/apparmor.d/p:2\"\n  # no rule is proposed for it\n",
		"/mnt/":             "\n  mount fstype=tmpfs options=(rw) \"tmpfs\" -> \"/mnt/\",\n",
		"/media/":           "\n  umount \"/media/\",\n",
		"/root/":            "\n  pivot_root oldroot=\"/root/old/\" \"/root/\",\n",
		"capability chown,": "it does not allow all of it\n  # about the same: \"deny capability kill,\" at \"/etc/apparmor.d/p:2\"\n  capability chown,\n",
		"/nosuch":           "",
	} {
		got := string(p.AppendExplanation(nil, text))
		if !strings.Contains(got, want) || (got == "") != (want == "") {
			t.Errorf("%s: %s", text, got)
		}
	}
}
