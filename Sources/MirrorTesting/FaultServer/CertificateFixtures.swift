// Public test fixtures, worthless as secrets: every key below is in the repository on purpose and
// belongs to a name that never leaves the machine. Nothing but a test may trust this authority; its
// own key was thrown away after signing. Made with openssl (P-256, `openssl ca`, valid from
// 2020-01-01 to 2120-01-01, the expired one to 2020-02-01).

/// The PEM text of the test certificates and their keys.
enum CertificateFixtures {
  /// CN=Mirror test authority.
  static let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBdDCCARqgAwIBAgICEAAwCgYIKoZIzj0EAwIwIDEeMBwGA1UEAwwVTWlycm9y
    IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
    WjAgMR4wHAYDVQQDDBVNaXJyb3IgdGVzdCBhdXRob3JpdHkwWTATBgcqhkjOPQIB
    BggqhkjOPQMBBwNCAATwxubLD0esMmYHA+NotshevBknRNEuF6pBt67mzL86VjCw
    hCmZNC1hdGhIZliiC3OM+1zvvIo1WCZQGTL5xeUso0IwQDAPBgNVHRMBAf8EBTAD
    AQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUy7pBr9bb60DPDaf+t0RrkOR3
    HcAwCgYIKoZIzj0EAwIDSAAwRQIhAN7/4Z5MpVLlOvU8zyn+4SzFbZJUKsaSe5Vo
    7TqeEDqiAiBA/mN3h0Edm26xsbdxyzheJWI6oa2+jrHJOAk5CovvpQ==
    -----END CERTIFICATE-----
    """

  /// Signed by the authority for localhost and 127.0.0.1.
  static let trusted = """
    -----BEGIN CERTIFICATE-----
    MIIBwzCCAWigAwIBAgICEAEwCgYIKoZIzj0EAwIwIDEeMBwGA1UEAwwVTWlycm9y
    IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
    WjAdMRswGQYDVQQDDBJNaXJyb3IgdGVzdCBzZXJ2ZXIwWTATBgcqhkjOPQIBBggq
    hkjOPQMBBwNCAATev52sE1Hi4DwG/13+o1UIyEEutjsYr/7x3IreGnc0V7lxX5xq
    As0ll3ka6AsnnypDeLx/0aV1j3DDOEpmS9f6o4GSMIGPMAwGA1UdEwEB/wQCMAAw
    DgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0GA1UdDgQWBBRy
    h7zWUhWYYmdy4BJHBB1h+J7a5DAfBgNVHSMEGDAWgBTLukGv1tvrQM8Np/63RGuQ
    5HcdwDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZIzj0EAwIDSQAw
    RgIhAKTSOEq5QDVTytgrcpiukfyO4SsjvwM8rJkzupfth6odAiEArr0qJMsjZfmP
    pUsHDz/f29ZyAnCewjkCakLSkeBK3YE=
    -----END CERTIFICATE-----
    """
  static let trustedKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7HJMmkaAsQHAna/H
    h0oG5QvOArqjEhKEQeJu0O076BahRANCAATev52sE1Hi4DwG/13+o1UIyEEutjsY
    r/7x3IreGnc0V7lxX5xqAs0ll3ka6AsnnypDeLx/0aV1j3DDOEpmS9f6
    -----END PRIVATE KEY-----
    """

  /// Signed by the authority for elsewhere.example.
  static let wrongHost = """
    -----BEGIN CERTIFICATE-----
    MIIBwjCCAWmgAwIBAgICEAIwCgYIKoZIzj0EAwIwIDEeMBwGA1UEAwwVTWlycm9y
    IHRlc3QgYXV0aG9yaXR5MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAw
    WjAcMRowGAYDVQQDDBFlbHNld2hlcmUuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG
    SM49AwEHA0IABLjf+XjjzLq86pOMo9S2RpD8aJq3dqNYaFk53VK24Ooaxsefqat+
    glt+SY/SGflKfaOK61BKYmuwAkckHsqaPMujgZQwgZEwDAYDVR0TAQH/BAIwADAO
    BgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFFC3
    3LZwAfEaGx3U/9gz7SJyWGCKMB8GA1UdIwQYMBaAFMu6Qa/W2+tAzw2n/rdEa5Dk
    dx3AMBwGA1UdEQQVMBOCEWVsc2V3aGVyZS5leGFtcGxlMAoGCCqGSM49BAMCA0cA
    MEQCIGYOM/qkztqD0fk95a3YZ88EQN0Nocr4XGa5R+dtf/KIAiArXS5mZnl90XIr
    fybKVu3+mcuM3QkGA0+yId2yKJSmRw==
    -----END CERTIFICATE-----
    """
  static let wrongHostKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiTSOaMiXkByZHf59
    TYBvdh4n/O7nTXJy7uFOFMAvLUyhRANCAAS43/l448y6vOqTjKPUtkaQ/Giat3aj
    WGhZOd1StuDqGsbHn6mrfoJbfkmP0hn5Sn2jiutQSmJrsAJHJB7KmjzL
    -----END PRIVATE KEY-----
    """

  /// Signed by the authority for localhost and 127.0.0.1, until 2020-02-01.
  static let expired = """
    -----BEGIN CERTIFICATE-----
    MIIBxDCCAWmgAwIBAgICEAMwCgYIKoZIzj0EAwIwIDEeMBwGA1UEAwwVTWlycm9y
    IHRlc3QgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoXDTIwMDIwMTAwMDAwMFow
    IDEeMBwGA1UEAwwVTWlycm9yIGV4cGlyZWQgc2VydmVyMFkwEwYHKoZIzj0CAQYI
    KoZIzj0DAQcDQgAEZvTaU9BQ0SbOGCeO8BfNlyAcKrVSxrd7xMoOpp5hSwFmrV/Y
    yw/i9HiAVObVYXiEzg0KyCssreAf7K4ZVMkCpaOBkjCBjzAMBgNVHRMBAf8EAjAA
    MA4GA1UdDwEB/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDATAdBgNVHQ4EFgQU
    b1o5ydoqtGjtyZG/ckZDQp4Aq/QwHwYDVR0jBBgwFoAUy7pBr9bb60DPDaf+t0Rr
    kOR3HcAwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49BAMCA0kA
    MEYCIQCnzbPT4Xc5C4Qw6cMa84OQgqx1BlCLyVaLgLmDa/qVIQIhAIe7gk373FRL
    Y+FFTVlypUf7PSVzvV7d25Ix1A1HFCRi
    -----END CERTIFICATE-----
    """
  static let expiredKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJkx1U4nhpso/tnc+
    genVpgasDbRpIabQ/ySo41KjtDGhRANCAARm9NpT0FDRJs4YJ47wF82XIBwqtVLG
    t3vEyg6mnmFLAWatX9jLD+L0eIBU5tVheITODQrIKyyt4B/srhlUyQKl
    -----END PRIVATE KEY-----
    """

  /// Names localhost and 127.0.0.1, signed by itself.
  static let selfSigned = """
    -----BEGIN CERTIFICATE-----
    MIIBqjCCAVCgAwIBAgICEAQwCgYIKoZIzj0EAwIwJDEiMCAGA1UEAwwZTWlycm9y
    IHNlbGYtc2lnbmVkIHNlcnZlcjAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAw
    MDAwMFowJDEiMCAGA1UEAwwZTWlycm9yIHNlbGYtc2lnbmVkIHNlcnZlcjBZMBMG
    ByqGSM49AgEGCCqGSM49AwEHA0IABA4n+kEcQpq3r5sKCs9TO429D1P7bgzhPHMb
    /mGlQX+YO2Q/HCmkTFONKZdOSpv2BUbS0R0QzxUZlUkglJfjTa+jcDBuMAwGA1Ud
    EwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0G
    A1UdDgQWBBQ0/1V4ob/gCva+fRfe61sLQPngrjAaBgNVHREEEzARgglsb2NhbGhv
    c3SHBH8AAAEwCgYIKoZIzj0EAwIDSAAwRQIgcEBzGJo/cPc3AmhymxlCaIFarLis
    V1ecIg5jDbjO520CIQCErawrbyg9iT2DHO6KG//E2ELtoGe8psj44WAM777sXg==
    -----END CERTIFICATE-----
    """
  static let selfSignedKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqDeWDV6tM5SZL0X8
    adUKI7BxcgsQjJzW4RmrXqvNPe+hRANCAAQOJ/pBHEKat6+bCgrPUzuNvQ9T+24M
    4TxzG/5hpUF/mDtkPxwppExTjSmXTkqb9gVG0tEdEM8VGZVJIJSX402v
    -----END PRIVATE KEY-----
    """
}
