package apparmor

import (
	"strings"
	"testing"
)

func TestLocalFile(t *testing.T) {
	for profile, want := range map[string]string{
		"/usr/sbin/cupsd":              "usr.sbin.cupsd",
		"snap.firefox.firefox":         "snap.firefox.firefox",
		"php-fpm":                      "php-fpm",
		"1password":                    "1password",
		"/usr/lib/foo@1/bar_x+y":       "usr.lib.foo@1.bar_x+y",
		strings.Repeat("a", 255):       strings.Repeat("a", 255),
		"":                             "",
		"/":                            "",
		"/a//b":                        "",
		"/usr/sbin/cupsd//third_party": "",
		"..":                           "",
		"/../etc/passwd":               "",
		"/usr/../etc":                  "",
		"/a./b":                        "",
		"/.hidden":                     "",
		".hidden":                      "",
		"-rf":                          "",
		":ns:x":                        "",
		"/a b":                         "",
		"/usr/sbin/httpd{,2}-prefork":  "",
		"/a*":                          "",
		"/a\n":                         "",
		"/a\x00":                       "",
		"/\u202ea":                     "",
		"/\xff":                        "",
		`/a\b`:                         "",
		strings.Repeat("a", 256):       "",
		"/etc/apparmor.d/a~":           "",
	} {
		if got, err := LocalFile(profile); got != want || (err == nil) != (want != "") {
			t.Errorf("LocalFile(%q) = %q, %v; want %q", profile, got, err, want)
		}
	}
}
