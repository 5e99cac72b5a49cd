package apparmor

// homeDangers are files of users. What a login, a session or an everyday program of
// a user runs or obeys, runs as that user outside of the profile: to write it is as
// good as leaving the profile.
var homeDangers = []pathDanger{
	// Keys and passwords, in whatever folder they lie.
	{"/**/.ssh/**", 8, 9, 0, "the keys of a user"},
	{"/**/authorized_keys*", 3, 9, 0, "who may log in"},
	{"@{HOME}/id_*", 8, 8, 0, "the keys of a user"},
	{"/**/id_{rsa,dsa,ecdsa,ed25519,xmss}*", 8, 8, 0, "the keys of a user"},
	{"/**/.gnupg/**", 8, 8, 0, "the keys of a user"},
	{"/**/*.{kdbx,kdb,ppk,keystore,p12,pfx,jks,agekey,keytab,ovpn}", 7, 7, 0, "the keys of a user"},
	{"/**/{privkey*.pem,*privkey.pem,*.key.pem,*-key.pem,*_key.pem,wallet.dat,keys.txt,*.age.key,master.key,.env.production}", 7, 7, 0, "the keys of a user"},
	{"@{HOME}/**/*.{key,pem,gpg,asc}", 7, 7, 0, "the keys of a user"},
	{"@{HOME}/*.{key,pem,gpg,asc}", 7, 7, 0, "the keys of a user"},
	{"@{HOME}/.{pki,cert,certs,password-store,passwords,aws,azure,kube,oci,config/gcloud,config/gh,config/glab-cli,config/hub,config/doctl}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{config/rclone,config/op,config/1Password*,config/Bitwarden*,config/keepass*,config/KeePass*,config/sops,config/age}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{config/pass*,config/gopass,config/chezmoi,config/borg,config/restic,config/syncthing,config/goa-1.0,config/evolution}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{config/kwalletrc,config/helm,config/containers,config/configstore,config/heroku,config/netlify,config/stripe}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{config/github-copilot,config/Signal,config/Element,config/discord,config/Slack,config/filezilla,config/remmina}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{config/himalaya,config/neomutt,config/msmtp,config/isync*,config/aerc,config/vdirsyncer,config/monero*,config/Ledger*}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{config/Exodus,electrum,bitcoin,ethereum,litecoin,dogecoin,monero,zcash,solana,near*,terra*,cargo/credentials*,gem/credentials}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{m2/settings*,gradle/gradle.properties,nuget,terraform.d/credentials*,vault*,vagrant.d,minikube,docker,dockercfg,databricks*}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{fly,railway,sentryclirc,snowflake,snowsql,mutt,mail,msmtp*,mbsyncrc,offlineimap*,fetchmailrc,getmail,purple,irssi,weechat}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.local/share/{keyrings,kwalletd,gnupg,seahorse,pass*,containers,remmina,evolution,Element,TelegramDesktop,signal*}{,/**}", 8, 8, 0, "the keys and passwords of a user"},
	{"@{HOME}/.{netrc,authinfo*,pgpass,my.cnf,mylogin.cnf,git-credentials,npmrc,yarnrc*,pypirc,s3cfg,boto,vault-token,rediscli_auth,smbcredentials*}", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.{credentials*,htpasswd,fetchmailrc,msmtprc,esmtprc,wgetrc,curlrc,dbshell,sqlpass,env,secrets*,tokens*,*token,*_token,*secret*}", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.{*passw*,k5*,krb5*}", 7, 7, 0, "the passwords of a user"},
	{"@{HOME}/.{mozilla,thunderbird,librewolf,waterfox,zen,floorp}{,/**}", 7, 8, 0, "the passwords of a user"},
	{"@{HOME}/.{config/{chromium,google-chrome*,BraveSoftware,microsoft-edge*,vivaldi*,opera*,net.imput*,yandex*},var/app}{,/**}", 7, 8, 0, "the passwords of a user"},
	{"@{HOME}/.{local/share/{qutebrowser,epiphany},config/{epiphany,qutebrowser}}{,/**}", 7, 8, 0, "the passwords of a user"},
	{"/**/.Xauthority", 6, 7, 0, "the key to the screen of a user"},
	{"@{HOME}/.ICEauthority", 4, 5, 0, "what a session restarts"},
	{"@{HOME}/.{*_history,*history,local/share/recently-used.xbel,viminfo,lesshst,sqlite_history,python_history}", 5, 5, 0, "what a user has typed"},

	{"@{HOME}/.{bash,profile,log,z,x,X,pam_environment,forward,rhosts,shosts,k5login,sh}*", 0, 9, 0, "what a user's login runs"},

	// What runs as a user, where the area of a home would let it pass.
	{"@{HOME}/.local/{bin,lib*,libexec,sbin}{,/**}", 0, 9, 0, "programs that a user runs"},
	{"@{HOME}/.local/share/{systemd,dbus-1,applications,nvim,gnome-shell,cinnamon,plasma,kwin,kservices*,kxmlgui*,kio,konsole,knewstuff*}{,/**}", 0, 9, 0, "programs that a user runs"},
	{"@{HOME}/.local/share/{nautilus*,nemo*,caja*,thunar*,file-manager,bash-completion,zsh,fish,vim,emacs,JetBrains,code*,flatpak,bin,pipx,uv}{,/**}", 0, 9, 0, "programs that a user runs"},
	{"@{HOME}/.local/share/{python*,virtualenv*,pnpm,yarn,npm,fnm,nvm,mise,rtx,cargo,Steam,lutris,umu,icc,autostart,xsessions}{,/**}", 0, 9, 0, "programs that a user runs"},
	{"@{HOME}/.local/share/{wayland-sessions,qt*,gedit,gtksourceview*,ibus*,fcitx*,mime,desktop-directories,jupyter,xorg,sddm,kded*,rofi}{,/**}", 0, 9, 0, "programs that a user runs"},
	{"@{HOME}/.local/share/{albert,ulauncher,krunner,polkit*,glib-2.0,gvfs-metadata/**.so}{,/**}", 0, 9, 0, "programs that a user runs"},
	{"@{HOME}/{bin,sbin,lib,go/bin,node_modules/.bin,perl5,.linuxbrew,miniconda*,anaconda*,mambaforge,miniforge*,venv/bin,Applications,AppImages}/**", 0, 8, 0, "programs that a user runs"},
	{"@{HOME}/{scripts,Scripts}/**", 0, 8, 0, "programs that a user runs"},
	{"@{HOME}/{Desktop,Schreibtisch,Bureau,Escritorio}/*.desktop", 0, 8, 0, "programs that a user runs"},
	{"@{HOME}/{,**/}.git/{config,hooks/**,modules/**}", 0, 8, 0, "what git runs"},
	{"/**/.git/hooks/**", 0, 8, 0, "what git runs"},
	{"/**/.{bashrc,bash_profile,bash_login,bash_logout,bash_aliases,profile,zshrc,zshenv,zprofile,zlogin,cshrc,tcshrc,login,kshrc,xsessionrc}", 0, 9, 0, "what a user's login runs"},
	{"/**/.{xinitrc,xprofile,pam_environment,forward,rhosts,shosts,k5login,vimrc,exrc,emacs,gitconfig,inputrc,screenrc,tmux.conf}", 0, 9, 0, "what a user's login runs"},
	{"/**/.{netrc,pgpass,my.cnf,git-credentials,npmrc,pypirc,vault-token}", 7, 9, 0, "the passwords of a user"},
	{"/**/.{config/systemd,config/autostart,config/environment.d,config/fish,local/bin,local/share/systemd,local/share/dbus-1}/**", 7, 9, 0, "what a user's login runs, or a password"},
	{"/**/.{local/share/keyrings,aws,kube,docker}/**", 7, 9, 0, "what a user's login runs, or a password"},
}
